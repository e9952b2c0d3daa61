import type { EngineKind } from "../engine.js";
import { backUp } from "./backup.js";
import { openForCommand, openForServer } from "./engine.js";
import { look } from "./look.js";
import { restore } from "./restore.js";

export const SQLITE: EngineKind = { openForServer, openForCommand, look, backUp, restore };
