import type { Executor } from "../executor.js";
import { find } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import type { PageState } from "../page/requests.js";

export const verify_element_present = stateCheck<"verify_element_present">("present", "absent");
export const verify_element_absent = stateCheck<"verify_element_absent">("absent", "present");
export const verify_visible = stateCheck<"verify_visible">("visible", "hidden");
export const verify_hidden = stateCheck<"verify_hidden">("hidden", "visible");
export const verify_checked = stateCheck<"verify_checked">("checked", "unchecked");
export const verify_enabled = stateCheck<"verify_enabled">("enabled", "disabled");
export const verify_editable = stateCheck<"verify_editable">("editable", "not_editable");

export const wait_for: Executor<"wait_for"> = {
  acts: false,
  describe: (command) => `Wait until ${describeLocator(command)} ${WORDS[command.state].is}`,
  expectation: ({ state }) => WORDS[state].expected,
  async execute(command, context) {
    const { state } = command;
    const { timeoutMs } = context;
    await find({ until: "state", state, target: targetOf(command), timeoutMs }, context);
  },
};

/** Actions that check one state of an element. */
type StateCheck =
  | "verify_element_present"
  | "verify_element_absent"
  | "verify_visible"
  | "verify_hidden"
  | "verify_checked"
  | "verify_enabled"
  | "verify_editable";

function stateCheck<A extends StateCheck>(usual: PageState, opposite: PageState): Executor<A> {
  const stateOf = (command: { not?: boolean | undefined }) => (command.not ? opposite : usual);
  return {
    acts: false,
    describe: (command) => `Verify that ${describeLocator(command)} ${WORDS[stateOf(command)].is}`,
    expectation: (command) => WORDS[stateOf(command)].expected,
    async execute(command, context) {
      const { timeoutMs } = context;
      await find({ until: "state", state: stateOf(command), target: targetOf(command), timeoutMs }, context);
    },
  };
}

/** Each state as it is said of an element, and as what is expected. */
const WORDS: Record<PageState, { is: string; expected: string }> = {
  present: { is: "is present", expected: "an element in the document" },
  absent: { is: "is absent", expected: "no such element in the document" },
  visible: { is: "is visible", expected: "an element that can be seen" },
  hidden: { is: "is hidden", expected: "no such element to be seen" },
  enabled: { is: "is enabled", expected: "an enabled element" },
  disabled: { is: "is disabled", expected: "a disabled element" },
  editable: { is: "can be edited", expected: "an element that takes text" },
  not_editable: { is: "cannot be edited", expected: "an element that takes no text" },
  checked: { is: "is ticked", expected: "a ticked element" },
  unchecked: { is: "is not ticked", expected: "an element that is not ticked" },
};
