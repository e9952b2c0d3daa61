import { escapeHtml } from "../src/html.js";

/** One order in Fieldbook. */
export interface Order {
  number: number;
  customer: string;
  quantity: number;
  size: string;
}

const STYLE = `
  :root { --ink: #22312a; --soft: #66756c; --line: #dfe6e0; --leaf: #2f7d4f; --paper: #fbfcfa; }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #eef3ee; }
  header { display: flex; align-items: center; gap: 24px; padding: 14px 32px; background: var(--leaf); color: #fff; }
  header strong { font-size: 20px; letter-spacing: .3px; }
  header nav { display: flex; gap: 18px; margin-left: auto; }
  header a { color: #e6f4ea; text-decoration: none; }
  main { max-width: 760px; margin: 36px auto; padding: 28px 36px; background: var(--paper);
    border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 1px 4px #0000000f; }
  main.narrow { max-width: 420px; }
  h1 { margin: 0 0 4px; font-size: 26px; }
  .lead { margin: 0 0 20px; color: var(--soft); }
  label { display: block; margin: 14px 0 4px; font-weight: 600; }
  input, select { width: 100%; padding: 9px 12px; font: inherit; color: inherit; background: #fff;
    border: 1px solid #c9d4cc; border-radius: 8px; }
  input:focus, select:focus { outline: 2px solid #2f7d4f55; border-color: var(--leaf); }
  button, .button { display: inline-block; padding: 9px 20px; font: inherit; font-weight: 600; color: #fff;
    background: var(--leaf); border: 0; border-radius: 8px; text-decoration: none; cursor: pointer; }
  form > button { margin-top: 22px; }
  .search { display: flex; gap: 12px; align-items: end; margin-bottom: 20px; }
  .search label { margin-top: 0; } .search div { flex: 1; } .search button { margin: 0; }
  .cards { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-top: 20px; }
  .card { padding: 18px 20px; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
  .card a { font-size: 18px; font-weight: 600; color: var(--leaf); }
  table { width: 100%; border-collapse: collapse; }
  th, td { padding: 9px 8px; text-align: left; border-bottom: 1px solid var(--line); }
  th { color: var(--soft); font-size: 14px; }
  dl { display: grid; grid-template-columns: 140px 1fr; row-gap: 6px; }
  dt { color: var(--soft); } dd { margin: 0; font-weight: 600; }
  .message { padding: 10px 14px; margin-bottom: 16px; border-radius: 8px; background: #fbe9e7; color: #8c2f22; }
`;

function page(title: string, body: string, { loggedIn = true } = {}): string {
  const links = `<nav><a href="/dashboard">Dashboard</a><a href="/logout">Log out</a></nav>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Fieldbook</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><strong>Fieldbook</strong>${loggedIn ? links : ""}</header>
<main${loggedIn ? "" : ' class="narrow"'}>
${body}
</main>
</body>
</html>`;
}

export function loginPage(error?: string): string {
  return page(
    "Login",
    `<h1>Welcome back</h1><p class="lead">Log in to see your orders.</p>${message(error)}
<form method="post" action="/login">
  <label for="username">Username</label><input id="username" name="username" autocomplete="off" autofocus>
  <label for="password">Password</label><input id="password" name="password" type="password" autocomplete="off">
  <button type="submit">Login</button>
</form>`,
    { loggedIn: false },
  );
}

export function dashboardPage(orders: Order[]): string {
  return page(
    "Dashboard",
    `<h1>Welcome, tomsmith</h1><p class="lead">You have ${orders.length} orders this season.</p>
<div class="cards">
  <div class="card"><a href="/orders/new">New order</a><br>Take down what a customer needs.</div>
  <div class="card"><a href="/orders">Orders</a><br>Look up what has been ordered.</div>
</div>`,
  );
}

export function newOrderPage(error?: string): string {
  return page(
    "New order",
    `<h1>New order</h1><p class="lead">Seed trays, delivered on Fridays.</p>${message(error)}
<form method="post" action="/orders/place">
  <label for="customer">Customer</label><input id="customer" name="customer" autocomplete="off">
  <label for="quantity">Quantity</label><input id="quantity" name="quantity" type="number" min="1" value="1">
  <label for="size">Size</label>
  <select id="size" name="size"><option>Small</option><option>Medium</option><option>Large</option></select>
  <button type="submit">Place order</button>
</form>`,
  );
}

export function confirmationPage({ number, customer, quantity, size }: Order): string {
  return page(
    `Order ${number}`,
    `<h1 id="confirmation">Order ${number} placed</h1><p class="lead">Thank you. We have written it down.</p>
<dl id="details">
  <dt>Customer</dt><dd>${escapeHtml(customer)}</dd>
  <dt>Quantity</dt><dd>${quantity}</dd>
  <dt>Size</dt><dd>${escapeHtml(size)}</dd>
</dl>
<p><a class="button" href="/orders">Orders</a></p>`,
  );
}

export function ordersPage(orders: Order[], query: string): string {
  const found = orders.filter(({ customer }) => customer.toLowerCase().includes(query.trim().toLowerCase()));
  const rows = found.map(
    ({ number, customer, quantity, size }) =>
      `<tr><td>${number}</td><td>${escapeHtml(customer)}</td><td>${quantity}</td><td>${escapeHtml(size)}</td></tr>`,
  );
  return page(
    "Orders",
    `<h1>Orders</h1><p class="lead" id="count">${found.length} of ${orders.length} orders</p>
<form class="search" method="get" action="/orders">
  <div><label for="search">Search</label><input id="search" name="q" value="${escapeHtml(query)}" autocomplete="off"></div>
  <button type="submit">Find</button>
</form>
<table id="orders">
  <thead><tr><th>Order</th><th>Customer</th><th>Quantity</th><th>Size</th></tr></thead>
  <tbody>${rows.join("") || `<tr><td colspan="4">No orders found</td></tr>`}</tbody>
</table>`,
  );
}

export function notFoundPage(): string {
  return page("Not found", `<h1>Not found</h1><p class="lead">There is nothing here.</p>`);
}

function message(text?: string): string {
  return text === undefined ? "" : `<div class="message" role="alert">${escapeHtml(text)}</div>`;
}
