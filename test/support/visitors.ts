import { anonymous } from "../../src/auth/identity.js";
import type { Identity } from "../../src/auth/ports.js";
import type { Connection } from "../../src/connection/connection.js";
import type { ConnectionManager } from "../../src/connection/connection-manager.js";
import type { MockSocket } from "./mock-socket.js";

/** Connects somebody who needs no login, unless the test says who it is. */
export function connectVisitor(
  manager: ConnectionManager,
  socket: MockSocket,
  identity: Identity = anonymous("local"),
): Connection {
  const place = manager.enter("local");
  if ("code" in place) throw new Error(place.reason);
  return manager.connect(socket, place, identity);
}
