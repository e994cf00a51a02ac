// The class that most time of each function was spent with: `Template` of `render`.
import { remembered } from '../remembered'
import { rowsByKey } from '../rows/rows-by-key'
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

/** By id of the function; '' without one. */
export function functionClasses(rows: StackRows, { total }: Weights): string[] {
  const { frames, locations, strings } = rows.session
  const { functions, ofFrame } = rows.functions
  const spent = new Float64Array(ofFrame.length)
  for (const id of functionsOfSeveralFrames(rows)) {
    for (const row of rowsByKey(rows.function).of(id)) {
      const location = rows.location[row]
      if (location !== NO_LOCATION) {
        spent[locations.frame[location]] += total[rows.stretches.of[row]]
      }
    }
  }
  const most = new Float64Array(functions.length).fill(-1)
  const found: string[] = functions.map(() => '')
  // A function of one class may have several frames, one a subclass: their times are not summed,
  // since what is wanted is a name that is right, not the best of two that are.
  for (let frame = 0; frame < spent.length; frame++) {
    const id = ofFrame[frame]
    if (!frames.className[frame] || spent[frame] <= most[id]) continue
    most[id] = spent[frame]
    found[id] = strings[frames.className[frame]]
  }
  return found
}

/** Where time decides; most functions have one frame. */
const functionsOfSeveralFrames = remembered(({ functions: { ofFrame, functions } }: StackRows) => {
  const counts = new Uint32Array(functions.length)
  for (const id of ofFrame) counts[id]++
  return functions.map(({ id }) => id).filter((id) => counts[id] > 1)
})
