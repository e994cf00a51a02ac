// The functions of one session, and which one each row of its tables stands for.
import { FrameKind, type Session, threadTitle } from '../session/session'
import { ApplicationCode } from './application-code'
import { PathShortener } from './path-shortening'
import {
  type FunctionFields,
  type PathRules,
  ProfiledFunction,
  ROOT,
  SELF,
  THREAD_FILE,
  functionKey,
  ownClassOf,
} from './profiled-function'

export class FunctionTable {
  readonly functions: ProfiledFunction[] = []
  /** By row of the frame table. */
  readonly ofFrame: Uint32Array
  /** By row of the location table. */
  readonly ofLocation: Uint32Array
  /** `[root]`: stands for the whole where there is no one function that all time is above. */
  readonly root: ProfiledFunction
  /** `[self]`: time in a function itself. */
  readonly self: ProfiledFunction
  readonly rules: PathRules

  constructor(session: Session) {
    this.rules = pathRules(session)
    this.ofFrame = this.#readFrames(session)
    const frames = session.locations.frame
    this.ofLocation = frames.map((frame) => this.ofFrame[frame])
    this.root = this.#add({ name: ROOT, kind: FrameKind.SYNTHETIC })
    this.self = this.#add({ name: SELF, kind: FrameKind.SYNTHETIC })
  }

  /** Adds a stand-in for a thread. */
  addThread(session: Session, thread: number): ProfiledFunction {
    return this.#add({
      name: threadTitle(session, thread),
      file: THREAD_FILE,
      firstLine: Number(session.threads.ident[thread]),
      kind: FrameKind.SYNTHETIC,
    })
  }

  #add(fields: FunctionFields): ProfiledFunction {
    const made = new ProfiledFunction(this.functions.length, fields, this.rules)
    this.functions.push(made)
    return made
  }

  #readFrames({ frames, strings }: Session): Uint32Array {
    const ids = new Map<string, number>()
    const fields: FunctionFields[] = []
    const ofFrame = new Uint32Array(frames.function.length)
    for (let frame = 0; frame < ofFrame.length; frame++) {
      const name = strings[frames.function[frame]]
      const qualname = strings[frames.qualname[frame]]
      const file = strings[frames.file[frame]]
      const firstLine = frames.firstLine[frame]
      const kind = frames.kind[frame] as FrameKind
      const className = strings[frames.className[frame]]
      const hidden = frames.hidden[frame] !== 0
      const key = functionKey(name, qualname, file, firstLine, kind, className)
      let id = ids.get(key)
      if (id === undefined) {
        id = fields.length
        ids.set(key, id)
        const ownClass = ownClassOf(className, file, kind)
        fields.push({ name, qualname, ownClass, file, firstLine, kind, hidden })
      }
      fields[id].hidden ||= hidden
      ofFrame[frame] = id
    }
    fields.forEach((made) => this.#add(made))
    return ofFrame
  }
}

/** The rules of a session. */
export function pathRules(session: Pick<Session, 'sysPath' | 'sysPrefixes'>): PathRules {
  return {
    shortener: new PathShortener(session.sysPath),
    applicationCode: new ApplicationCode(session.sysPrefixes),
  }
}
