import type { Route } from "../exchange.js";
import { page } from "../page.js";

/**
 * A shop with late-rendered parts: search, list, product, cart, checkout. The cart lives in the tab's
 * session storage, so that runs side by side never see each other's.
 */
export function shopPages(): Record<string, Route> {
  return {
    "/shop": ({ html }) => {
      html(SEARCH_PAGE);
    },
    "/shop/products.json": ({ url, later, send }) => {
      const wanted = (url.searchParams.get("q") ?? "").toLowerCase();
      const found = PRODUCTS.filter(({ name }) => name.toLowerCase().includes(wanted));
      later(80, () => {
        send(200, "application/json", JSON.stringify(found));
      });
    },
    "/shop/product": ({ url, html, send }) => {
      const product = PRODUCTS.find(({ id }) => id === url.searchParams.get("id"));
      if (product === undefined) send(404, "text/plain", "No such product");
      else html(productPage(product));
    },
    "/shop/cart": ({ html }) => {
      html(CART_PAGE);
    },
    "/shop/checkout": ({ html }) => {
      html(CHECKOUT_PAGE);
    },
  };
}

interface Product {
  id: string;
  name: string;
  price: number;
}

const PRODUCTS: Product[] = [
  { id: "jacket", name: "Rain jacket", price: 89 },
  { id: "boots", name: "Rain boots", price: 64 },
  { id: "hat", name: "Sun hat", price: 19 },
  { id: "tent", name: "Two-person tent", price: 240 },
];

const CART = `const cart = () => JSON.parse(sessionStorage.getItem("cart") ?? "[]");
const total = () => cart().reduce((sum, line) => sum + line.price * line.quantity, 0);
`;

const SEARCH_PAGE = page({
  title: "Shop",
  plain: true,
  body: `<form id="search"><label for="q">Search products</label><input id="q" name="q">
<button id="find" type="submit">Search</button></form>
<p id="status">Search for something</p><ul id="results"></ul>`,
  script: `const status = document.querySelector("#status"), results = document.querySelector("#results");
document.querySelector("#search").addEventListener("submit", async (event) => {
  event.preventDefault();
  status.textContent = "Searching…"; results.replaceChildren();
  const found = await (await fetch("/shop/products.json?q=" + encodeURIComponent(document.querySelector("#q").value))).json();
  status.textContent = found.length + " products found";
  for (const { id, name, price } of found) {
    const item = document.createElement("li");
    item.innerHTML = '<a class="product" href="/shop/product?id=' + id + '">' + name + "</a> <span>" + price + " €</span>";
    results.append(item);
  }
});`,
});

function productPage({ id, name, price }: Product): string {
  return page({
    title: name,
    plain: true,
    body: `<p>Price: <span id="price">…</span></p>
<label for="size">Size</label><select id="size"><option>Small</option><option>Medium</option><option>Large</option></select>
<label for="quantity">Quantity</label><input id="quantity" type="number" value="1">
<div class="actions"><button id="add" type="button" disabled>Add to cart</button></div>
<p id="added" class="message" hidden></p><p><a href="/shop">Continue shopping</a> · <a id="cart" href="/shop/cart">Go to cart</a></p>`,
    script: `${CART}
const add = document.querySelector("#add");
setTimeout(() => { document.querySelector("#price").textContent = "${price} €"; add.disabled = false; }, 120);
add.addEventListener("click", () => {
  const size = document.querySelector("#size").value, quantity = Number(document.querySelector("#quantity").value);
  sessionStorage.setItem("cart", JSON.stringify([...cart(), { id: "${id}", name: "${name}", price: ${price}, size, quantity }]));
  setTimeout(() => {
    const added = document.querySelector("#added");
    added.hidden = false; added.textContent = "Added " + quantity + " × ${name} (" + size + ")";
  }, 60);
});`,
  });
}

const CART_PAGE = page({
  title: "Your cart",
  plain: true,
  body: `<table><tbody id="lines"><tr><td>Loading…</td></tr></tbody></table>
<p>Total: <strong id="total">…</strong></p><p id="next"></p>`,
  script: `${CART}
setTimeout(() => {
  document.querySelector("#lines").innerHTML = cart().map((line) => '<tr class="line"><td>' + line.quantity + " × " + line.name +
    "</td><td>" + line.size + "</td><td>" + line.price * line.quantity + " €</td></tr>").join("") || "<tr><td>Your cart is empty</td></tr>";
  document.querySelector("#total").textContent = total() + " €";
  if (cart().length > 0) document.querySelector("#next").innerHTML = '<a id="checkout" href="/shop/checkout">Checkout</a>';
}, 100);`,
});

const CHECKOUT_PAGE = page({
  title: "Checkout",
  plain: true,
  body: `<form id="order">
<label for="name">Full name</label><input id="name" required>
<label for="email">E-mail</label><input id="email" type="email" required>
<label for="address">Address</label><textarea id="address" rows="3" required></textarea>
<label for="delivery">Delivery</label><select id="delivery"><option>Standard</option><option>Express</option></select>
<label for="terms"><input id="terms" type="checkbox"> I accept the terms</label>
<button id="place" type="submit" disabled>Place order</button></form><div id="done"></div>`,
  script: `${CART}
document.querySelector("#terms").addEventListener("change", (event) => {
  setTimeout(() => { document.querySelector("#place").disabled = !event.target.checked; }, 80);
});
document.querySelector("#order").addEventListener("submit", (event) => {
  event.preventDefault();
  const value = (id) => document.getElementById(id).value, sum = total();
  setTimeout(() => {
    const confirmation = document.createElement("div");
    confirmation.innerHTML = '<p id="confirmation" class="message"></p><p id="summary"></p>';
    confirmation.querySelector("#confirmation").textContent = "Thank you, " + value("name") + "! Your order is placed.";
    confirmation.querySelector("#summary").textContent = value("delivery") + " delivery, " + sum + " €, receipt to " + value("email");
    document.querySelector("#done").replaceChildren(confirmation);
    sessionStorage.removeItem("cart");
  }, 150);
});`,
});
