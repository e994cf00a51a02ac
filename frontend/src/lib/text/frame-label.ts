// What a frame is called where there is one line for it.
import type { ProfiledFunction } from '../code/profiled-function'

/** `<module>` and `<lambda>` say nothing without their file. */
export function frameLabel({ name, shortFile }: ProfiledFunction): string {
  return name.startsWith('<') && shortFile ? `${name} ${shortFile}` : name
}
