// The keys of the page, in groups: what the `?` sheet lists. Each view handles its own.
export interface KeyGroup {
  title: string
  keys: readonly (readonly [keys: string, what: string])[]
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      ['1 … 5', 'tree, flame, timeline, functions, source'],
      ['/   ⌘K   Ctrl K', 'search'],
      ['n   N', 'next match, the one before'],
      ['p', 'panel of the selected frame'],
      ['o   i', 'options, facts'],
      ['%', 'times or percent'],
      ['c   m', 'copy the selected call as text, as Markdown'],
      ['t', 'light, dark or as the system'],
      ['?', 'this sheet'],
      ['Esc', 'close, clear, go back'],
    ],
  },
  {
    title: 'Tree',
    keys: [
      ['↑   ↓', 'row before, next row'],
      ['→   ←', 'open, close; then go in, go out'],
      ['Alt →   Alt ←', 'open or close all beneath'],
      ['Enter', 'open or close; a group of library calls as well'],
      ['g', 'library calls of this row: show or fold'],
      ['e', 'open along the largest calls'],
      ['Home   End   Page ↑↓', 'far'],
      ['l', 'the other end of work in another thread'],
    ],
  },
  {
    title: 'Flame graph and timeline',
    keys: [
      ['W A S D', 'zoom in, left, zoom out, right'],
      ['+   −   wheel', 'zoom'],
      ['↑ ↓ ← →', 'move between frames'],
      ['Enter   double-click', 'zoom to the frame'],
    ],
  },
  {
    title: 'Functions and source',
    keys: [
      ['↑   ↓', 'row before, next row'],
      ['Enter', 'show in the tree'],
    ],
  },
]
