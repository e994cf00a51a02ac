// Opens files in speedscope's own page, in Chromium, and prints what it understood: for each file
// the profile that its export (Ctrl+S) writes, in one JSON list; null where it refused the file.
//
//   node open_in_speedscope.mjs NODE_MODULES CHROMIUM FILE...

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, "anything.js"));
const { chromium } = require("playwright-core");
const page_url = pathToFileURL(join(modules, "speedscope/dist/release/index.html")).href;

const browser = await chromium.launch({
  executablePath,
  // speedscope draws with WebGL, also where there is no graphics card.
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const context = await browser.newContext({ acceptDownloads: true, offline: true });
const read = [];
for (const file of files) {
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(`${file}: ${error}`));
  await page.goto(page_url);
  await page.setInputFiles("input[type=file]", file);
  // The toolbar offers to export what is open; a refused file leaves an error and no such button.
  const exported = page.getByText("Export", { exact: false });
  const refused = page.getByText("Something went wrong", { exact: false });
  await exported.or(refused).first().waitFor();
  if (await refused.count()) {
    read.push(null);
  } else {
    const downloading = page.waitForEvent("download");
    await page.keyboard.press("Control+s");
    const download = await downloading;
    read.push(JSON.parse(readFileSync(await download.path(), "utf8")));
  }
  await page.close();
}
await browser.close();
console.log(JSON.stringify(read));
