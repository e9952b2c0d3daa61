import { pino } from "pino";
import { buildApp } from "../../src/app.js";
import { parseConfig } from "../../src/config.js";
import { FakePool } from "./fake-browser.js";

// A server as a process of its own, whose browsers are fakes: several of them take no time to start, and may be killed.
const log = pino({ level: "info" });
const config = parseConfig(process.env);
const app = await buildApp(config, log, { pool: new FakePool(config.BROWSER_POOL_SIZE) });
process.once("SIGTERM", () => void app.close().then(() => process.exit(0)));
log.info({ url: await app.listen() }, "listening");
