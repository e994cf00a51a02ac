// Numbers the rows of a prefix tree so that a row's descendants follow it.

export interface Preorder {
  parent: Uint32Array
  /** One after the last row above this one. */
  end: Uint32Array
  /** Rows below. */
  depth: Uint32Array
  /** By old number: the new one. */
  place: Uint32Array
}

/** Row 0 is the root. A parent's number is smaller than its child's, before and after; siblings
 *  keep their order. */
export function inPreorder(oldParent: ArrayLike<number>): Preorder {
  const count = oldParent.length
  const size = new Uint32Array(count).fill(1)
  for (let old = count - 1; old > 0; old--) size[oldParent[old]] += size[old]
  const place = new Uint32Array(count)
  const nextFree = new Uint32Array(count)
  const parent = new Uint32Array(count)
  const end = new Uint32Array(count)
  const depth = new Uint32Array(count)
  nextFree[0] = 1
  end[0] = count
  for (let old = 1; old < count; old++) {
    const below = oldParent[old]
    const row = nextFree[below]
    nextFree[below] += size[old]
    nextFree[old] = row + 1
    place[old] = row
    parent[row] = place[below]
    end[row] = row + size[old]
    depth[row] = depth[place[below]] + 1
  }
  return { parent, end, depth, place }
}
