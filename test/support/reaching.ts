const REACH = `async (json) => {
  const { urls, body, ms } = JSON.parse(json);
  const answered = [];
  const soon = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, ms, "late"))]);
  const attempt = async (road, url, work) => {
    try {
      const answer = await soon(work(url));
      if (answer !== undefined) answered.push(road + " " + url + ": " + answer);
    } catch {}
  };
  const opens = (socket, url) => new Promise((resolve, reject) => { socket.onopen = () => resolve("open"); socket.onerror = reject; });
  const loads = (name, url) => new Promise((resolve, reject) => {
    const element = document.createElement(name);
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve(undefined);
    if (name === "link") { element.rel = "stylesheet"; element.href = url; } else element.src = url;
    document.body.append(element);
  });
  const worker = (kind, url) => new Promise((resolve, reject) => {
    const source = "const ask = (port) => fetch(" + JSON.stringify(url) + ", { mode: 'no-cors' }).then(() => port.postMessage('loaded'), () => port.postMessage(''));";
    const at = (tail) => URL.createObjectURL(new Blob([source + tail], { type: "text/javascript" }));
    const port = kind === "Worker" ? new Worker(at("ask(self)")) : new SharedWorker(at("onconnect = ({ ports: [port] }) => ask(port)")).port;
    port.onmessage = ({ data }) => resolve(data || undefined);
    port.onerror = reject;
  });
  const roads = {
    fetch: (url) => fetch(url, { mode: "no-cors" }).then(() => "loaded"),
    post: (url) => fetch(url, { mode: "no-cors", method: "POST", body, headers: { "content-type": "text/plain" } }).then(() => "loaded"),
    socket: (url) => opens(new WebSocket(url.replace(/^http/, "ws")), url),
    events: (url) => opens(new EventSource(url), url),
    image: (url) => loads("img", url),
    script: (url) => loads("script", url),
    style: (url) => loads("link", url),
    worker: (url) => worker("Worker", url),
    shared: (url) => worker("SharedWorker", url),
    beacon: (url) => { navigator.sendBeacon(url, body); },
    prefetch: (url) => { const link = document.createElement("link"); link.rel = "prefetch"; link.href = url; document.head.append(link); },
    preconnect: (url) => { for (const rel of ["preconnect", "dns-prefetch"]) { const link = document.createElement("link"); link.rel = rel; link.href = url; document.head.append(link); } },
    form: (url) => {
      const frame = document.createElement("iframe");
      frame.name = "f" + Math.random();
      const form = document.createElement("form");
      Object.assign(form, { action: url, method: "post", enctype: "text/plain", target: frame.name });
      form.append(Object.assign(document.createElement("input"), { name: body }));
      document.body.append(frame, form);
      form.submit();
    },
    frame: (url) => { const frame = document.createElement("iframe"); frame.src = url; document.body.append(frame); },
    ping: (url) => { const a = document.createElement("a"); a.href = "#"; a.ping = url; document.body.append(a); a.click(); },
    webrtc: async (url) => {
      const { hostname, port } = new URL(url);
      for (const scheme of ["stun:", "turn:"]) for (const transport of scheme === "turn:" ? ["?transport=udp", "?transport=tcp"] : [""]) {
        const server = { urls: scheme + hostname + ":" + (port || 80) + transport, username: "u", credential: "p" };
        const connection = new RTCPeerConnection({ iceServers: [server] });
        connection.createDataChannel("x");
        await connection.setLocalDescription(await connection.createOffer());
      }
    },
  };
  const tries = urls.flatMap((url) => Object.entries(roads).map(([road, work]) => [road, url, work]));
  const next = async () => { for (let each = tries.shift(); each !== undefined; each = tries.shift()) await attempt(...each); };
  await Promise.all(Array.from({ length: 16 }, next));
  // Beacons, forms and frames tell their page nothing: their requests get time to go out.
  await new Promise((resolve) => setTimeout(resolve, ms));
  return JSON.stringify(answered);
}`;

/**
 * Tries to reach URLs by every road that a page has, as a script of the page's own; answers with JSON: a list of
 * `road URL: answer` for every try that was answered.
 *
 * Its argument is JSON: `urls`; `body`, which is posted; `ms`, the time that each try gets.
 */
export const REACH_FROM_PAGE = `(json) => new Promise((resolve) => {
  addEventListener("reached", ({ detail }) => resolve(detail), { once: true });
  const script = document.createElement("script");
  script.textContent = "(" + ${JSON.stringify(REACH)} + ")(" + JSON.stringify(json) + ")" +
    ".then((detail) => dispatchEvent(new CustomEvent('reached', { detail })))";
  document.documentElement.append(script);
})`;

/** Spellings of this machine's address that a browser understands. */
export const THIS_MACHINE = [
  "127.0.0.1",
  "localhost",
  "x.localhost",
  "[::1]",
  "0.0.0.0",
  "[::]",
  "2130706433",
  "0x7f.1",
  "127.1",
  "127.9.9.9",
  "[::ffff:127.0.0.1]",
  "localhost.",
];
