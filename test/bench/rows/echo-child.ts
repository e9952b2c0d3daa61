import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

// A bare WebSocket server that sends back what it gets, until the process that wants it has gone.
const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
server.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => {
    socket.send(data, { binary: isBinary });
  });
});
process.once("disconnect", () => process.exit());
server.once("listening", () => {
  const { port } = server.address() as AddressInfo; // A server that listens on a port has an address with one.
  process.send?.(`ws://127.0.0.1:${port}`);
});
