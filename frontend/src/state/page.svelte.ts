// What the size of the window decides, beyond what style sheets can say.
import { MediaQuery } from 'svelte/reactivity'

const narrow = new MediaQuery('(max-width: 640px)', false)

export const page = {
  /** A phone, or as narrow as one. */
  get isNarrow(): boolean {
    return narrow.current
  },
}
