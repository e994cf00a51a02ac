// The views, in the order of their tabs.
import type { Component } from 'svelte'
import type { View } from '../lib/link/view-state'
import FlameView from './FlameView.svelte'
import FunctionsView from './FunctionsView.svelte'
import SourceView from './SourceView.svelte'
import TimelineView from './TimelineView.svelte'
import TreeView from './TreeView.svelte'

export interface ListedView {
  view: View
  title: string
  component: Component
}

export const VIEW_LIST: readonly ListedView[] = [
  { view: 'tree', title: 'Tree', component: TreeView },
  { view: 'flame', title: 'Flame', component: FlameView },
  { view: 'timeline', title: 'Timeline', component: TimelineView },
  { view: 'functions', title: 'Functions', component: FunctionsView },
  { view: 'source', title: 'Source', component: SourceView },
]
