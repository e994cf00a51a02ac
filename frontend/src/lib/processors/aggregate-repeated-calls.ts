// Makes one node of repeated calls: from a story in time to a sum.
import { rootsOf } from '../tree/call-tree'
import { mergeSiblings } from '../tree/tree-edits'
import type { Processor } from './processor'

/** Siblings of one function become one node; children are ordered longest first. Threads stay
 *  apart and in order, whatever they are called. */
export const aggregateRepeatedCalls: Processor = (tree) => {
  rootsOf(tree).forEach(mergeSiblings)
  return tree
}
