import { randomBytes } from "node:crypto";
import { AppError } from "../protocol/errors.js";
import { ownCommand } from "../own-command.js";
import { isSameSecret } from "./secrets.js";

const CODE_BYTES = 16;

/**
 * A code that the server prints when it starts, so that only a person who can read that makes the first token. Until
 * there is a token nobody has to say who they are, and a page that this machine serves for something else could make
 * one and keep everybody out. It is good for one token.
 */
export class SetupCode {
  readonly value = randomBytes(CODE_BYTES).toString("base64url");
  #isUsed = false;

  /** @throws AppError `forbidden` unless it is the code, which has not been used. */
  require(given: string | undefined): void {
    if (!this.#isUsed && given !== undefined && isSameSecret(given, this.value)) return;
    throw new AppError(
      "forbidden",
      `The first token needs the setup_code that the server ${this.#isUsed ? "prints at its next start" : "printed when it started"}, ` +
        `or "${ownCommand("tokens create --name admin --scopes admin")}" on its machine.`,
    );
  }

  use(): void {
    this.#isUsed = true;
  }
}
