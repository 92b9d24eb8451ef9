/** Something that the user has to change before the project can run; its message is one line that says what. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SetupError";
  }
}
