// The one script that a report has as text: it unpacks the viewer, which is in the page as base64
// of gzip, and runs it. The page's policy knows the hashes of what comes out.
const KINDS = ['style', 'script'] as const

async function unpacked(id: string): Promise<string> {
  const element = document.getElementById(id)
  const packed = Uint8Array.from(atob(element?.textContent ?? ''), (byte) => byte.charCodeAt(0))
  element?.remove()
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).text()
}

async function start(): Promise<void> {
  try {
    const texts = await Promise.all(KINDS.map((kind) => unpacked(`report-${kind}`)))
    KINDS.forEach((kind, place) => {
      const element = document.createElement(kind)
      element.textContent = texts[place]
      document.head.append(element)
    })
  } catch (fault) {
    const words = document.createElement('p')
    words.setAttribute('role', 'alert')
    words.textContent = `This report needs a browser of 2023 or later (${fault}).`
    document.body.append(words)
  }
}

void start()
