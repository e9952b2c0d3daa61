import type { Route } from "../exchange.js";

/** Pages as applications have them, made by several schools: some with ARIA, some with nothing but classes. */
export function applicationPages(): Record<string, Route> {
  return Object.fromEntries(
    Object.entries({
      todos: TODOS,
      customers: CUSTOMERS,
      store: STORE,
      "sign-in": SIGN_IN,
      settings: SETTINGS,
    }).map(([name, source]): [string, Route] => [`/applications/${name}`, ({ html }) => html(source)]),
  );
}

const STYLE = `<style>
  body { font: 15px system-ui, sans-serif; margin: 24px; } [hidden] { display: none !important; }
  .pointer { cursor: pointer; } table { border-collapse: collapse; } td, th { padding: 4px 10px; }
  .grid { display: flex; gap: 16px; flex-wrap: wrap; } .product { border: 1px solid #ccc; padding: 12px; width: 180px; }
  .destroy { visibility: hidden; } li:hover .destroy { visibility: visible; }
</style>`;

const whole = (title: string, body: string, script = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${STYLE}</head>
<body>${body}<script>${script}</script></body></html>`;

/** A list of things to do, with classes only. */
const TODOS = whole(
  "Todos",
  `<section class="todoapp">
  <header class="header"><h1>todos</h1><input class="new-todo" placeholder="What needs to be done?" autofocus></header>
  <section class="main"><input id="toggle-all" type="checkbox"><label for="toggle-all">Mark all as complete</label>
    <ul class="todo-list"></ul></section>
  <footer class="footer"><span class="todo-count"></span>
    <ul class="filters"><li><a href="#/" class="selected">All</a></li><li><a href="#/active">Active</a></li>
      <li><a href="#/completed">Completed</a></li></ul>
    <button class="clear-completed">Clear completed</button></footer>
</section><footer class="info"><p>Double-click to edit a todo</p></footer>`,
  `
  const todos = [{ title: "Buy milk", done: false }, { title: "Walk the dog", done: true }, { title: "Pay rent", done: false }];
  const list = document.querySelector(".todo-list");
  const draw = () => {
    list.replaceChildren(...todos.map((todo) => {
      const entry = document.createElement("li");
      if (todo.done) entry.className = "completed";
      entry.innerHTML = '<div class="view"><input class="toggle" type="checkbox"><label></label><button class="destroy">×</button></div>';
      const box = entry.querySelector("input");
      box.checked = todo.done;
      box.onchange = () => { todo.done = box.checked; draw(); };
      entry.querySelector("label").textContent = todo.title;
      entry.querySelector("button").onclick = () => { todos.splice(todos.indexOf(todo), 1); draw(); };
      return entry;
    }));
    const left = todos.filter((todo) => !todo.done).length;
    document.querySelector(".todo-count").innerHTML = "<strong>" + left + "</strong> items left";
  };
  document.querySelector(".new-todo").onkeydown = ({ key, target }) => {
    if (key !== "Enter" || target.value.trim() === "") return;
    todos.push({ title: target.value.trim(), done: false });
    target.value = "";
    draw();
  };
  draw();`,
);

const PEOPLE = [
  ["John Doe", "john@acme.example", "Admin", "Active"],
  ["Jane Roe", "jane@acme.example", "Editor", "Active"],
  ["Ada Lovelace", "ada@engine.example", "Viewer", "Suspended"],
  ["Grace Hopper", "grace@navy.example", "Editor", "Active"],
];

/** A customer list with a table, a menu and a dialog. */
const CUSTOMERS = whole(
  "Customers",
  `<header><a href="/applications/customers" aria-label="Home"><svg width="20" height="20"><circle cx="10" cy="10" r="8"/></svg></a>
  <nav aria-label="Main"><a href="#/dashboard">Dashboard</a> <a href="#/customers" aria-current="page">Customers</a>
    <a href="#/reports">Reports</a></nav>
  <button aria-haspopup="menu" aria-expanded="false" aria-label="Account menu">AL</button></header>
<aside aria-label="Filters"><h2>Filters</h2>
  <label for="role">Role</label> <select id="role"><option>Any</option><option>Admin</option><option>Editor</option><option>Viewer</option></select>
  <fieldset><legend>Status</legend><label><input type="checkbox" checked> Active</label><label><input type="checkbox"> Suspended</label></fieldset>
  <button>Apply filters</button> <button>Reset</button></aside>
<main><h1>Customers</h1>
  <div class="toolbar"><input type="search" placeholder="Search customers" aria-label="Search customers">
    <button class="primary">Add customer</button> <button>Export</button></div>
  <table aria-label="Customers"><thead><tr><th><input type="checkbox" aria-label="Select all"></th><th>Name</th><th>E-mail</th><th>Role</th><th>Status</th><th>Actions</th></tr></thead>
  <tbody>${PEOPLE.map(
    ([name = "", mail = "", role = "", status = ""]) =>
      `<tr><td><input type="checkbox" aria-label="Select ${name}"></td><td><a href="#/customers/${name.split(" ")[0] ?? ""}">${name}</a></td><td>${mail}</td><td>${role}</td><td>${status}</td>
      <td><button>Edit</button> <button>Delete</button></td></tr>`,
  ).join("")}</tbody></table>
  <nav aria-label="Pagination"><a href="#1">1</a> <a href="#2">2</a> <a href="#next" aria-label="Next page">›</a></nav>
  <p role="status">4 customers</p></main>
<div role="dialog" aria-modal="true" aria-labelledby="ask" hidden><h2 id="ask">Delete customer</h2><p>This cannot be undone.</p>
  <button>Cancel</button> <button>Delete</button></div>`,
  `
  const dialog = document.querySelector("[role=dialog]");
  let row;
  document.querySelector("table").onclick = ({ target }) => {
    if (target.textContent !== "Delete") return;
    row = target.closest("tr");
    dialog.hidden = false;
  };
  dialog.onclick = ({ target }) => {
    if (target.textContent === "Delete") row.remove();
    if (target.localName !== "button") return;
    dialog.hidden = true;
    document.querySelector("[role=status]").textContent = document.querySelectorAll("tbody tr").length + " customers";
  };`,
);

const PRODUCTS = [
  ["Sauce Backpack", "29.99"],
  ["Bike Light", "9.99"],
  ["Bolt T-Shirt", "15.99"],
  ["Fleece Jacket", "49.99"],
];

/** A shop whose cards are nothing but boxes. */
const STORE = whole(
  "Swag Store",
  `<div class="top"><div class="logo">Swag Store</div><div class="search-box"><input name="q" placeholder="Search products"><button class="btn-search"><i class="fa fa-search"></i></button></div>
  <a class="cart" href="#/cart" data-testid="cart-link"><i class="fa fa-shopping-cart"></i> <span class="badge">0</span></a></div>
<div class="title-row"><span class="title">Products</span>
  <label>Sort by <select class="sort"><option>Name (A to Z)</option><option>Name (Z to A)</option><option>Price (low to high)</option><option>Price (high to low)</option></select></label></div>
<div class="grid">${PRODUCTS.map(
    ([name = "", price = ""]) =>
      `<div class="product"><div class="name pointer">${name}</div><div class="price">$${price}</div>
      <div class="amount">Quantity <input type="number" value="1" min="1"></div><button class="btn">Add to cart</button>
      <span class="pointer wish" title="Add to wish list">♡</span></div>`,
  ).join("")}</div>
<div class="summary"><h3>Order summary</h3><div>Items: <b id="items">0</b></div><div>Total: <b id="total">$0.00</b></div><button disabled>Checkout</button></div>
<div class="newsletter"><h3>Newsletter</h3><input type="email" placeholder="Your e-mail"><button>Subscribe</button></div>
<div class="toast" role="status" hidden></div>`,
  `
  let items = 0, total = 0;
  for (const product of document.querySelectorAll(".product")) {
    product.querySelector("button").onclick = () => {
      const amount = Number(product.querySelector("input").value);
      items += amount;
      total += amount * Number(product.querySelector(".price").textContent.slice(1));
      document.querySelector(".badge").textContent = document.querySelector("#items").textContent = items;
      document.querySelector("#total").textContent = "$" + total.toFixed(2);
      document.querySelector(".summary button").disabled = false;
      const toast = document.querySelector(".toast");
      toast.textContent = product.querySelector(".name").textContent + " was added";
      toast.hidden = false;
    };
  }`,
);

const SIGN_IN = whole(
  "Sign in · Fieldnotes",
  `<main><h1>Welcome back</h1><form><div><label for="user">E-mail or user name</label><input id="user" name="username" autocomplete="username"></div>
  <div><label for="pass">Password</label><input id="pass" name="password" type="password" value="already-filled-in" autocomplete="current-password">
    <button type="button" aria-label="Show password">👁</button></div>
  <label><input type="checkbox" name="remember"> Keep me signed in</label>
  <p class="error" role="alert" hidden></p>
  <button type="submit">Sign in</button> <a href="#/forgot">Forgot your password?</a></form>
  <button type="button">Continue with Google</button><p>New here? <a href="#/join">Create an account</a></p></main>`,
  `
  document.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    const alert = document.querySelector("[role=alert]");
    if (document.querySelector("#pass").value === "correct horse") {
      document.querySelector("main").innerHTML = "<h1>Notes</h1><p>Signed in as ada</p><button>Log out</button>";
    } else {
      alert.textContent = "The password is wrong";
      alert.hidden = false;
    }
  };`,
);

/** Settings with tabs, switches, a shadow root and a frame. */
const SETTINGS = whole(
  "Settings",
  `<h1>Settings</h1><div role="tablist" aria-label="Settings"><button role="tab" aria-selected="true">Profile</button><button role="tab" aria-selected="false">Notifications</button><button role="tab" aria-selected="false">Billing</button></div>
<div role="tabpanel" aria-label="Profile">
  <section aria-labelledby="s1"><h2 id="s1">Personal details</h2><table><tr><td>First name:</td><td><input name="firstName" value="Ada"></td></tr>
    <tr><td>Last name:</td><td><input name="lastName" value="Lovelace"></td></tr></table>
    <label>Bio <textarea></textarea></label><label>Profile picture <input type="file" name="avatar"></label><button>Save</button></section>
  <h2>E-mail notifications</h2><div><div role="switch" aria-checked="true" tabindex="0" aria-label="Weekly digest">on</div>
    <div role="switch" aria-checked="false" tabindex="0" aria-label="Product news">off</div></div><button>Save</button>
  <h2>Time zone</h2><div role="combobox" aria-expanded="false" aria-label="Time zone" tabindex="0">Europe/Zurich</div>
  <plan-picker></plan-picker><h2>Danger zone</h2><button>Delete account</button></div>
<iframe title="Payment" srcdoc="<label>Card number <input autocomplete='cc-number' value='4111111111111111'></label><button>Pay now</button>" width="400" height="80"></iframe>`,
  `
  customElements.define("plan-picker", class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: "open" }).innerHTML =
        '<fieldset><legend>Plan</legend><label><input type="radio" name="plan" checked> Free</label><label><input type="radio" name="plan"> Team</label></fieldset><button>Change plan</button>';
    }
  });
  for (const toggle of document.querySelectorAll("[role=switch]"))
    toggle.onclick = () => toggle.setAttribute("aria-checked", String(toggle.getAttribute("aria-checked") !== "true"));`,
);
