import { startSite } from "../site/server.js";

// Serves the test site until the process that wants it has gone, and tells that one where.
const site = await startSite();
process.once("disconnect", () => void site.close());
process.send?.(site.url);
