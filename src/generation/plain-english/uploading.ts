import { fileFieldTarget } from "./finding.js";
import { FILE_FIELD } from "./locators.js";
import { QUOTED } from "./marking.js";
import { action, problem, type Rule } from "./meaning.js";
import { unclear } from "./targeted-commands.js";
import { readTarget } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const FILE = String.raw`(?:the |an? )?(?:file |document |image |picture |photo )?(?:named |called )?(${QUOTED}|[\w.-]+\.[a-z\d]{1,8})`;
const UPLOAD = startingWith(
  `${verbs("upload", "attach")} ${FILE}(?: file)?(?: (?:to|in|into|with|using|as|at|for|on) (.+))?$`,
);
const CHOOSE = startingWith(
  `${verbs("choose", "select", "pick")} (?:the |a )?file ${FILE}(?: (?:in|for|as|at|with|on) (.+))?$`,
);
const UPLOADING = startingWith(verbs("upload", "attach"));
/** "the form", "the page": no field. */
const NO_FIELD = /^(?:the |this )?(?:form|page|application|app|site|server|profile|account)$/i;

/** "Upload photo.png to the Avatar field". */
export const upload: Rule = (phrase) => {
  const { marking, text: clause } = phrase;
  const [, file, words] = UPLOAD.exec(clause) ?? CHOOSE.exec(clause) ?? [];
  if (file === undefined) {
    return UPLOADING.test(clause)
      ? problem('it names no file of the upload folder, such as "Upload photo.png to the Avatar field"')
      : undefined;
  }
  const command = { action: "upload_file" as const, file: marking.value(file) };
  if (words === undefined || NO_FIELD.test(words)) return action({ ...command, ...FILE_FIELD });
  const field = readTarget(words, phrase.context);
  if (field === undefined) return problem();
  return unclear(field) ?? action({ ...command, ...fileFieldTarget(field) });
};
