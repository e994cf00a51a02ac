// What a frame is called where there is one line for it.
import type { ProfiledFunction } from '../code/profiled-function'

/** A module's own code is called as its file: `<module>` says nothing, and leaves no room. So is
 *  what else says nothing, `<lambda>` and its like, after its name. */
export function frameLabel({ name, distinctName, shortFile }: ProfiledFunction): string {
  if (!name.startsWith('<') || !shortFile) return distinctName
  const isModule = name === '<module>' && !shortFile.startsWith('<')
  return isModule ? shortFile : `${distinctName} ${shortFile}`
}
