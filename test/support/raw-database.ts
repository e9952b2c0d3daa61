import { openConnection, type Connection } from "../../src/db/sqlite/connection.js";

/** Works on a database below everything that the server puts around it, as another program would. */
export async function connectionTo<T>(
  file: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(file);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
