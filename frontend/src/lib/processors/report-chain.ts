// Which processors a report runs, in order, with the reason for each; the leading ones, which only
// skip, sum or prune, are handed to the builder as rules. A test holds that the tree is the same.
import { type BuildRules, MAX_NODES } from '../tree/build-call-tree'
import { aggregateRepeatedCalls } from './aggregate-repeated-calls'
import { groupLibraryFrames } from './group-library-frames'
import { mergeConsecutiveSelfTime } from './merge-consecutive-self-time'
import type { Processor, ProcessorOptions } from './processor'
import { removeFirstPyinstrumentFrames } from './remove-first-pyinstrument-frames'
import { isImportlib, removeImportlib } from './remove-importlib'
import { removeIrrelevantNodes } from './remove-irrelevant-nodes'
import { isHidden, removeTracebackhide } from './remove-tracebackhide'
import { removeUnnecessarySelfTimeNodes } from './remove-unnecessary-self-time-nodes'

/** What the reader may switch off. */
export interface ChainChoice {
  removeImportlib: boolean
  removeTracebackhide: boolean
  removeCommand: boolean
  groupLibraries: boolean
  foldRecursion: boolean
}

/** A chain as it is run: by the builder, and after it. */
export interface ReportChain {
  rules: BuildRules
  rest: Processor[]
  options: ProcessorOptions
}

export function reportChain(choice: ChainChoice, options: ProcessorOptions): ReportChain {
  const skips = []
  if (choice.removeImportlib) skips.push(isImportlib)
  if (choice.removeTracebackhide) skips.push(isHidden)
  const rest = [removeUnnecessarySelfTimeNodes]
  if (choice.removeCommand) rest.push(removeFirstPyinstrumentFrames)
  if (choice.groupLibraries) rest.push(groupLibraryFrames)
  const rules: BuildRules = {
    skips,
    pruneBelow: options.filterThreshold,
    foldRecursion: choice.foldRecursion,
    maxNodes: MAX_NODES,
  }
  return { rules, rest, options }
}

/** The whole chain one by one, by the names of the cases that each runs. */
export const REPORT_CHAIN: ReadonlyMap<string, Processor> = new Map<string, Processor>([
  // An import is one step to a reader, not six.
  ['remove_importlib', removeImportlib],
  // Frames that ask to be hidden.
  ['remove_tracebackhide', removeTracebackhide],
  // What the two above removed may have parted own time.
  ['merge_consecutive_self_time', mergeConsecutiveSelfTime],
  // Sums read better than a story in time.
  ['aggregate_repeated_calls', aggregateRepeatedCalls],
  // After the sums: many small calls may add up to a large one.
  ['remove_irrelevant_nodes', removeIrrelevantNodes],
  // After pruning, which leaves nodes with nothing but own time.
  ['remove_unnecessary_self_time_nodes', removeUnnecessarySelfTimeNodes],
  // The program is the root, not the command that ran it.
  ['remove_first_pyinstrument_frames_processor', removeFirstPyinstrumentFrames],
  // Last: grouping looks at the tree as it will be shown.
  ['group_library_frames_processor', groupLibraryFrames],
])
