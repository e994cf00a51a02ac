// Which nodes are two ends of one piece of work: a call that waited for it, and what a thread ran
// meanwhile. Its time is in its own thread's tree only. As in pyinstrument_model/thread_links.py.
import { isImportlib } from '../processors/remove-importlib'
import type { StackRows } from '../rows/stack-rows'
import { threadTitle } from '../session/session'
import type { CallNode } from './call-node'
import { type CallTree, rootsOf } from './call-tree'

/** Of a recursion that is deep on both sides of the start, no more beginnings are tried. */
const MOST_STARTS = 16

export interface ThreadLink {
  /** The call that awaited it; null where that is not in the tree. */
  origin: CallNode | null
  /** What the thread ran; null where that is not in the tree. */
  work: CallNode | null
  /** Name of the thread that ran it. */
  thread: string
  /** How long it ran: in the times of *work*, not in those of *origin*. */
  durationNs: number
}

/** Longest first; equal pairs of nodes are one link. */
export function threadLinks(tree: CallTree, rows: StackRows): ThreadLink[] {
  const { session } = rows
  const { links } = session
  const roots = rootsOf(tree)
  const found = new Map<string, ThreadLink>()
  const numbers = new Map<CallNode | null, number>()
  const numberOf = (node: CallNode | null) => {
    if (!numbers.has(node)) numbers.set(node, numbers.size)
    return numbers.get(node)
  }
  for (let link = 0; link < links.stack.length; link++) {
    const thread = threadTitle(session, links.thread[link])
    const ident = Number(session.threads.ident[links.thread[link]])
    const isOwn = ({ code }: CallNode) => code.name === thread && code.firstLine === ident
    const work = endOf(roots.filter(isOwn), stackOf(rows, links.stack[link]), rows)
    const others = roots.filter((root) => !isOwn(root))
    const origin = endOf(others, stackOf(rows, links.origin[link]), rows)
    const key = `${numberOf(origin)} ${numberOf(work)} ${thread}`
    const same = found.get(key)
    if (same) same.durationNs += links.durationNs[link]
    else found.set(key, { origin, work, thread, durationNs: links.durationNs[link] })
  }
  return [...found.values()]
    .filter(({ origin, work }) => origin !== null || work !== null)
    .sort((a, b) => b.durationNs - a.durationNs)
}

/** Ids of the functions of a stack, root first. */
function stackOf({ session, functions }: StackRows, stack: number): number[] {
  const found: number[] = []
  for (let row = stack; row; row = session.stacks.parent[row]) {
    found.push(functions.ofLocation[session.stacks.location[row]])
  }
  return found.reverse()
}

/** The node that a stack leads to; null where the way ends before the stack does. */
function endOf(roots: CallNode[], stack: number[], rows: StackRows): CallNode | null {
  let farthest: End = { node: null, matched: 0 }
  for (const root of roots) {
    const end = follow(root, stack, rows)
    if (end.node && (!farthest.node || end.matched > farthest.matched)) farthest = end
  }
  return farthest.node
}

interface End {
  node: CallNode | null
  matched: number
}

/**
 * A stack enters a tree at its root or, where that is a thread or stands for several functions, at
 * one of its calls: all stacks of a tree that begins with a function have that. Trees lack what was
 * below the start of the profile. The function that they begin with may be there too: then the way
 * begins where it leads to the stack's end. An [await] leads nowhere.
 */
function follow(root: CallNode, stack: number[], rows: StackRows): End {
  const begin = root.isSynthetic ? root.children : [root]
  const first = new Set(begin.filter((node) => !node.isSynthetic).map(({ code }) => code.id))
  let starts = 0
  for (let place = 0; place < stack.length && starts < MOST_STARTS; place++) {
    if (!first.has(stack[place])) continue
    starts++
    const end = followFrom(root, stack, place, rows)
    if (end.node) return end
  }
  return { node: null, matched: 0 }
}

/** Trees lack what asks to be hidden, too. */
function followFrom(root: CallNode, stack: number[], start: number, { functions }: StackRows): End {
  let node = root
  let matched = 0
  for (let place = start; place < stack.length; place++) {
    const id = stack[place]
    const code = functions.functions[id]
    // An [await] is no call, nor is it always there.
    if (code.isSynthetic) continue
    const called = node.children.find((child) => child.code.id === id)
    if (!matched && node.code.id === id) {
      matched = 1
    } else if (called) {
      node = called
      matched++
    } else if (!code.hidden && !isImportlib(code)) {
      return { node: null, matched }
    }
  }
  return { node, matched }
}
