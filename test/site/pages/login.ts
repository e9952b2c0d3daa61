import { randomUUID } from "node:crypto";
import type { Route } from "../exchange.js";
import { page } from "../page.js";

const ERRORS: Record<string, string> = {
  username: "Your username is invalid!",
  password: "Your password is invalid!",
  session: "You must login to view the secure area!",
};

/** A login with a session cookie, so that a fresh browser context is always logged out. */
export function loginPages(): Record<string, Route> {
  const sessions = new Set<string>();
  return {
    "/login": ({ html, url }) => {
      html(loginPage(ERRORS[url.searchParams.get("error") ?? ""], url.searchParams.has("logged-out")));
    },
    "/authenticate": ({ method, form, redirect, send }) => {
      if (method !== "POST") {
        send(405, "text/plain", "POST only");
      } else if (form.get("username") !== "tomsmith") {
        redirect("/login?error=username");
      } else if (form.get("password") !== "SuperSecretPassword!") {
        redirect("/login?error=password");
      } else {
        const session = randomUUID();
        sessions.add(session);
        redirect("/secure", `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
      }
    },
    "/secure": ({ cookie, redirect, html }) => {
      if (sessions.has(cookie("session") ?? "")) html(SECURE_PAGE);
      else redirect("/login?error=session");
    },
    "/logout": ({ cookie, redirect }) => {
      sessions.delete(cookie("session") ?? "");
      redirect("/login?logged-out", "session=; Path=/; Max-Age=0");
    },
  };
}

function loginPage(error: string | undefined, loggedOut: boolean): string {
  let message = "";
  if (error !== undefined) message = `<div id="flash" class="message error" role="alert">${error}</div>`;
  else if (loggedOut) message = `<div id="flash" class="message">You logged out of the secure area!</div>`;
  return page({
    title: "Login Page",
    plain: true,
    body: `${message}
<form id="login" method="post" action="/authenticate">
  <label for="username">Username</label>
  <input id="username" name="username" autocomplete="off">
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="off">
  <button type="submit" class="radius">Login</button>
</form>`,
  });
}

const SECURE_PAGE = page({
  title: "Secure Area",
  plain: true,
  body: `<div id="flash" class="message">You logged into a secure area!</div>
<p>Welcome to the Secure Area. When you are done click logout below.</p>
<a id="logout" href="/logout">Logout</a>`,
});
