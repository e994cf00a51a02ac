// What hands do on a plot, told in pixels of it: point, click, drag, pinch, turn the wheel.

export interface Gestures {
  /** null: the pointer left. */
  point(place: Place | null): void
  click(place: Place): void
  doubleClick(place: Place): void
  /** Moves what is drawn. */
  pan(byX: number, byY: number): void
  /** *factor* times as much in view, *x* staying where it is. */
  zoom(factor: number, x: number): void
}

export interface Place {
  x: number
  y: number
}

/** A hand that moves less than this has not dragged. */
const SLIP = 4
const WHEEL_SPEED = 0.002
/** What browsers take a line of a wheel for. */
const LINE = 16

/** For `{@attach}`. */
export function gestures(get: () => Gestures): (plot: HTMLElement) => () => void {
  return (plot) => {
    const pointers = new Map<number, Place>()
    let moved = 0
    const placeOf = (event: MouseEvent): Place => {
      const box = plot.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }
    const spread = () => {
      const [a, b] = [...pointers.values()]
      return { width: Math.max(20, Math.abs(a.x - b.x)), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
    }
    const handlers: { [Name in keyof HTMLElementEventMap]?: (event: never) => void } = {
      pointerdown(event: PointerEvent) {
        if (event.button !== 0) return
        if (pointers.size === 0) moved = 0
        pointers.set(event.pointerId, placeOf(event))
      },
      pointermove(event: PointerEvent) {
        const place = placeOf(event)
        const before = pointers.get(event.pointerId)
        if (before === undefined) {
          if (event.pointerType !== 'touch') get().point(place)
          return
        }
        const pinch = pointers.size === 2 ? spread() : null
        moved += Math.abs(place.x - before.x) + Math.abs(place.y - before.y)
        pointers.set(event.pointerId, place)
        if (pinch) {
          const now = spread()
          get().zoom(pinch.width / now.width, now.x)
          get().pan(now.x - pinch.x, now.y - pinch.y)
        } else if (pointers.size === 1 && moved >= SLIP) {
          // Not before: a captured pointer's click would be the plot's own, not what is on it.
          plot.setPointerCapture(event.pointerId)
          get().point(null)
          get().pan(place.x - before.x, place.y - before.y)
        }
      },
      pointerup: release,
      pointercancel: release,
      pointerleave() {
        get().point(null)
      },
      click(event: MouseEvent) {
        if (moved < SLIP) get().click(placeOf(event))
      },
      dblclick(event: MouseEvent) {
        if (moved < SLIP) get().doubleClick(placeOf(event))
      },
      wheel(event: WheelEvent) {
        event.preventDefault()
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1
        const [byX, byY] = [event.deltaX * unit, event.deltaY * unit]
        if (event.shiftKey) get().pan(0, -(byX || byY))
        else if (Math.abs(byX) > Math.abs(byY)) get().pan(-byX, 0)
        else {
          // A pinch on a touchpad comes as a wheel with Ctrl, in smaller steps.
          const speed = event.ctrlKey ? WHEEL_SPEED * 5 : WHEEL_SPEED
          get().zoom(Math.exp(byY * speed), placeOf(event).x)
        }
      },
    }
    function release(event: PointerEvent) {
      pointers.delete(event.pointerId)
    }
    const entries = Object.entries(handlers) as [string, (event: Event) => void][]
    for (const [name, handle] of entries) {
      plot.addEventListener(name, handle, { passive: false })
    }
    return () => entries.forEach(([name, handle]) => plot.removeEventListener(name, handle))
  }
}
