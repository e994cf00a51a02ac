// The one base class of errors that this library throws on purpose.

/** Something the reader of the report should be told, in a sentence that says what to do. */
export class ViewerError extends Error {
  override name = 'ViewerError'
}

/** The page's session cannot be read. */
export class SessionDataError extends ViewerError {
  override name = 'SessionDataError'

  constructor(fault: string) {
    super(`The session in this report cannot be read: ${fault}. Make the report again.`)
  }
}

/** A pattern that somebody typed is no regular expression. */
export class PatternError extends ViewerError {
  override name = 'PatternError'
}
