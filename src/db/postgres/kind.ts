import type { EngineKind } from "../engine.js";
import { backUp, restore } from "./copies.js";
import { openForCommand, openForServer } from "./engine.js";
import { look } from "./look.js";

export const POSTGRES: EngineKind = { openForServer, openForCommand, look, backUp, restore };
