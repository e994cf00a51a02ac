// Paths as readers want to see them: relative to the sys.path entry that says most. Works on
// strings alone, so that a session of another system reads the same.

/** Whether a path is spelt the Windows way: a drive letter, or a UNC share. */
export function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:/.test(path) || path.startsWith('\\\\')
}

/** Whether a path says where it starts, on either system. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path)
}

/** The names in a path, without empty ones and `.`; a drive is the first. */
export function pathComponents(path: string): string[] {
  const spelt = isWindowsPath(path) ? path.replaceAll('\\', '/') : path
  return spelt.split('/').filter((name) => name !== '' && name !== '.')
}

/** Whether *prefix* is a folder above *path* (or the same); Windows ignores the case of letters. */
export function startsWithComponents(path: string[], prefix: string[], windows: boolean): boolean {
  if (prefix.length > path.length) return false
  return prefix.every((name, place) =>
    windows ? name.toLowerCase() === path[place].toLowerCase() : name === path[place],
  )
}

/** Shortens the paths of one session; the answers are kept. */
export class PathShortener {
  readonly #known = new Map<string, string>()
  readonly #entries: { names: string[]; windows: boolean }[]

  constructor(sysPath: readonly string[]) {
    this.#entries = [...new Set(sysPath)]
      .filter(isAbsolute)
      .map((entry) => ({ names: pathComponents(entry), windows: isWindowsPath(entry) }))
      // The deepest entry leaves the fewest names.
      .sort((a, b) => b.names.length - a.names.length)
  }

  /** *path* relative to the entry that leaves the fewest components; as it is if none does. */
  shorten(path: string): string {
    let found = this.#known.get(path)
    if (found === undefined) {
      found = this.#shorten(path)
      this.#known.set(path, found)
    }
    return found
  }

  #shorten(path: string): string {
    if (!isAbsolute(path)) return path
    const windows = isWindowsPath(path)
    const names = pathComponents(path)
    for (const entry of this.#entries) {
      if (entry.windows !== windows || entry.names.length >= names.length) continue
      if (startsWithComponents(names, entry.names, windows)) {
        return names.slice(entry.names.length).join(windows ? '\\' : '/')
      }
    }
    return path
  }
}
