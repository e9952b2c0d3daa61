import { ACTIONS, COMMANDS, LOCATORS, LOCATORS_BY_WORTH } from "../../protocol/commands.js";

/** The commands that a language model is told of; each says so itself. */
export const OFFERED_ACTIONS = ACTIONS.filter((action) => COMMANDS[action].offered);

/** The ways to find an element that a model is told of, the best first; each says so itself. */
export const OFFERED_LOCATOR_TYPES = LOCATORS_BY_WORTH.filter((type) => LOCATORS[type].offered);
