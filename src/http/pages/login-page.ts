import { html } from "../../html.js";
import { ownCommand } from "../../own-command.js";
import type { Page } from "./layout.js";

/**
 * A form that takes a token.
 *
 * @param next path to go on to
 * @param refusal why the token that was given is none
 */
export function loginPage(next: string, refusal?: string): Page {
  return {
    title: "Log in",
    body: html`<h1>Log in</h1>
      ${refusal !== undefined && html`<p class="wrong" role="alert">${refusal}</p>`}
      <form method="post" action="/login">
        <input type="hidden" name="next" value="${next}" />
        <label
          >Token <input name="token" type="password" autocomplete="current-password" required autofocus
        /></label>
        <button>Log in</button>
      </form>
      <p class="soft">
        An operator makes one with <code>${ownCommand("tokens create --name NAME --scopes read")}</code>.
      </p>`,
  };
}

export function errorPage(title: string, message: string): Page {
  return {
    title,
    body: html`<h1>${title}</h1>
      <p>${message}</p>
      <p><a href="/">All test cases</a></p>`,
  };
}
