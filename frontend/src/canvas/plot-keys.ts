// Keys of a plot that has the focus: W A S D as in games, + and -, arrows from frame to frame.

export type PlotAction =
  | { kind: 'zoom'; factor: number }
  /** In parts of what is in view. */
  | { kind: 'pan'; x: number; y: number }
  | { kind: 'step'; to: 'up' | 'down' | 'before' | 'after' }
  | { kind: 'enter' | 'select' | 'back' | 'whole' }

const IN = 0.8
const PAN = 0.15

/** null: not one of ours. Arrows with Shift pan. */
export function plotAction(event: KeyboardEvent): PlotAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const pan = (x: number, y: number): PlotAction => ({ kind: 'pan', x: x * PAN, y: y * PAN })
  const arrow = (to: 'up' | 'down' | 'before' | 'after', x: number, y: number) =>
    event.shiftKey ? pan(x, y) : ({ kind: 'step', to } as const)
  switch (event.key) {
    case 'w':
    case 'W':
    case '+':
    case '=':
      return { kind: 'zoom', factor: IN }
    case 's':
    case 'S':
    case '-':
    case '_':
      return { kind: 'zoom', factor: 1 / IN }
    case 'a':
    case 'A':
      return pan(-1, 0)
    case 'd':
    case 'D':
      return pan(1, 0)
    case 'ArrowLeft':
      return arrow('before', -1, 0)
    case 'ArrowRight':
      return arrow('after', 1, 0)
    case 'ArrowUp':
      return arrow('up', 0, -1)
    case 'ArrowDown':
      return arrow('down', 0, 1)
    case 'PageUp':
      return { kind: 'pan', x: 0, y: -0.9 }
    case 'PageDown':
      return { kind: 'pan', x: 0, y: 0.9 }
    case 'Home':
    case '0':
      return { kind: 'whole' }
    case 'Enter':
      return { kind: 'enter' }
    case ' ':
      return { kind: 'select' }
    case 'Escape':
      return { kind: 'back' }
    default:
      return null
  }
}
