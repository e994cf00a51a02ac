// What a processor is: call tree to call tree, named for its effect, one file each. The same ones
// as in pyinstrument_model/processors; both run the cases in tests/cases/processors.
import type { CallTree } from '../tree/call-tree'

export interface ProcessorOptions {
  /** Nodes with less than this share of the root's time are pruned; 0 keeps all. */
  filterThreshold: number
  /** Files whose path matches from its start are hidden in groups, like library code. */
  hide: RegExp | null
  /** Files whose path matches from its start are never hidden; wins over `hide`. */
  show: RegExp | null
}

export const DEFAULT_THRESHOLD = 0.01

export const DEFAULT_OPTIONS: ProcessorOptions = {
  filterThreshold: DEFAULT_THRESHOLD,
  hide: null,
  show: null,
}

/** May edit the tree it is given. */
export type Processor = (tree: CallTree, options: ProcessorOptions) => CallTree
