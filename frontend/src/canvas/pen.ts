// Drawing on a canvas in CSS pixels: boxes with labels, hatching, marks.
import { cutMiddle } from '../lib/text/cut-middle'

const FONT = '12px system-ui, sans-serif'
const PADDING = 4
/** Fewer pixels than this hold no label that says anything. */
const LEAST_LABEL = 24
/** Fewer letters than this are no name. */
const LEAST_LETTERS = 5

export class Pen {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly #hatches = new Map<string, CanvasPattern | null>()
  readonly #ratio: number
  #style: string | CanvasPattern = ''

  constructor(context: CanvasRenderingContext2D, width: number, height: number, ratio: number) {
    this.context = context
    this.width = width
    this.height = height
    this.#ratio = ratio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.font = FONT
    context.textBaseline = 'middle'
  }

  clear(colour: string): void {
    this.box(0, 0, this.width, this.height, colour)
  }

  box(x: number, y: number, width: number, height: number, colour: string): void {
    this.#fillWith(colour)
    this.context.fillRect(x, y, width, height)
  }

  /** Lines across a box; of *colour*, on what is there. */
  hatch(x: number, y: number, width: number, height: number, colour: string): void {
    const pattern = this.#hatchOf(colour)
    if (pattern === null) return
    this.#fillWith(pattern)
    this.context.fillRect(x, y, width, height)
  }

  frame(x: number, y: number, width: number, height: number, colour: string, thick: number): void {
    this.context.strokeStyle = colour
    this.context.lineWidth = thick
    const inset = thick / 2
    this.context.strokeRect(x + inset, y + inset, Math.max(1, width - thick), height - thick)
  }

  /** What is out of view on the left does not take a label out of view. */
  label(text: string, x: number, y: number, width: number, height: number, colour: string): void {
    const left = Math.max(0, x)
    const room = Math.min(this.width, x + width) - left - 2 * PADDING
    if (room < LEAST_LABEL - 2 * PADDING) return
    const shown = cutMiddle(text, room, textWidth.bind(null, this.context))
    if (shown !== text && shown.length < LEAST_LETTERS) return
    this.text(shown, left + PADDING, y + height / 2, colour)
  }

  text(text: string, x: number, middle: number, colour: string): void {
    this.#fillWith(colour)
    this.context.fillText(text, x, middle + 0.5)
  }

  widthOf(text: string): number {
    return textWidth(this.context, text)
  }

  /** Reading a colour takes longer than filling a small box with it. */
  #fillWith(style: string | CanvasPattern): void {
    if (style === this.#style) return
    this.#style = style
    this.context.fillStyle = style
  }

  #hatchOf(colour: string): CanvasPattern | null {
    let found = this.#hatches.get(colour)
    if (found === undefined) {
      found = this.context.createPattern(hatchTile(colour, this.#ratio), 'repeat')
      found?.setTransform(new DOMMatrix().scale(1 / this.#ratio))
      this.#hatches.set(colour, found)
    }
    return found
  }
}

/** Letters of one font have one width wherever they stand; kerning is less than the padding. */
const letterWidths = new Map<string, number>()

function textWidth(context: CanvasRenderingContext2D, text: string): number {
  let width = 0
  for (const letter of text) {
    let own = letterWidths.get(letter)
    if (own === undefined) {
      own = context.measureText(letter).width
      letterWidths.set(letter, own)
    }
    width += own
  }
  return width
}

function hatchTile(colour: string, ratio: number): HTMLCanvasElement {
  const size = Math.round(6 * ratio)
  const tile = document.createElement('canvas')
  tile.width = tile.height = size
  const context = tile.getContext('2d')
  if (context === null) return tile
  context.strokeStyle = colour
  context.lineWidth = 1.2 * ratio
  context.beginPath()
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1)
    context.lineTo(shift + size + 1, -1)
  }
  context.stroke()
  return tile
}
