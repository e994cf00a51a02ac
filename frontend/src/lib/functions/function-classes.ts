// The class that most time of each function was spent with: `Template` of `render`.
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

/** By id of the function; '' without one. */
export function functionClasses(rows: StackRows, { total }: Weights): string[] {
  const { frames, locations, strings } = rows.session
  const spent = new Float64Array(frames.className.length)
  for (let row = 0; row < rows.count; row++) {
    const location = rows.location[row]
    if (location !== NO_LOCATION) spent[locations.frame[location]] += total[row]
  }
  const most = new Float64Array(rows.functions.functions.length)
  const found: string[] = Array.from(most, () => '')
  // A function of one class may have several frames, one a subclass: their times are not summed,
  // since what is wanted is a name that is right, not the best of two that are.
  for (let frame = 0; frame < spent.length; frame++) {
    const id = rows.functions.ofFrame[frame]
    if (!frames.className[frame] || spent[frame] <= most[id]) continue
    most[id] = spent[frame]
    found[id] = strings[frames.className[frame]]
  }
  return found
}
