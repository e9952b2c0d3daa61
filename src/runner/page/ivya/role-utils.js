// src/roleUtils.ts of ivya 1.8.2, compiled, with the changes that README.md beside it names.
import { labelsOf } from "../labels.ts";
import {
	parentElementOrShadowHost,
	enclosingShadowRootOrDocument,
	closestCrossShadow,
	getElementComputedStyle,
	isElementStyleVisibilityVisible,
	isVisibleTextNode,
	elementSafeTagName,
} from "./dom-utils.js";

/**
* Copyright (c) Microsoft Corporation.
*
* Licensed under the Apache License, Version 2.0 (the "License");
* you may not use this file except in compliance with the License.
* You may obtain a copy of the License at
*
* http://www.apache.org/licenses/LICENSE-2.0
*
* Unless required by applicable law or agreed to in writing, software
* distributed under the License is distributed on an "AS IS" BASIS,
* WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
* See the License for the specific language governing permissions and
* limitations under the License.
*/
function hasExplicitAccessibleName(e) {
	return e.hasAttribute("aria-label") || e.hasAttribute("aria-labelledby");
}
const kAncestorPreventingLandmark = "article:not([role]), aside:not([role]), main:not([role]), nav:not([role]), section:not([role]), [role=article], [role=complementary], [role=main], [role=navigation], [role=region]";
const kGlobalAriaAttributes = new Map([
	["aria-atomic", void 0],
	["aria-busy", void 0],
	["aria-controls", void 0],
	["aria-current", void 0],
	["aria-describedby", void 0],
	["aria-details", void 0],
	["aria-dropeffect", void 0],
	["aria-flowto", void 0],
	["aria-grabbed", void 0],
	["aria-hidden", void 0],
	["aria-keyshortcuts", void 0],
	["aria-label", new Set([
		"caption",
		"code",
		"deletion",
		"emphasis",
		"generic",
		"insertion",
		"paragraph",
		"presentation",
		"strong",
		"subscript",
		"superscript"
	])],
	["aria-labelledby", new Set([
		"caption",
		"code",
		"deletion",
		"emphasis",
		"generic",
		"insertion",
		"paragraph",
		"presentation",
		"strong",
		"subscript",
		"superscript"
	])],
	["aria-live", void 0],
	["aria-owns", void 0],
	["aria-relevant", void 0],
	["aria-roledescription", new Set(["generic"])]
]);
function hasGlobalAriaAttribute(element, forRole) {
	return [...kGlobalAriaAttributes].some(([attr, prohibited]) => {
		return !(prohibited === null || prohibited === void 0 ? void 0 : prohibited.has(forRole || "")) && element.hasAttribute(attr);
	});
}
function hasTabIndex(element) {
	return !Number.isNaN(Number(String(element.getAttribute("tabindex"))));
}
function isFocusable(element) {
	return !isNativelyDisabled(element) && (isNativelyFocusable(element) || hasTabIndex(element));
}
function isNativelyFocusable(element) {
	const tagName = elementSafeTagName(element);
	if ([
		"BUTTON",
		"DETAILS",
		"SELECT",
		"TEXTAREA"
	].includes(tagName)) return true;
	if (tagName === "A" || tagName === "AREA") return element.hasAttribute("href");
	if (tagName === "INPUT") return !element.hidden;
	return false;
}
const kImplicitRoleByTagName = {
	A: (e) => {
		return e.hasAttribute("href") ? "link" : null;
	},
	AREA: (e) => {
		return e.hasAttribute("href") ? "link" : null;
	},
	ARTICLE: () => "article",
	ASIDE: () => "complementary",
	BLOCKQUOTE: () => "blockquote",
	BUTTON: () => "button",
	CAPTION: () => "caption",
	CODE: () => "code",
	DATALIST: () => "listbox",
	DD: () => "definition",
	DEL: () => "deletion",
	DETAILS: () => "group",
	DFN: () => "term",
	DIALOG: () => "dialog",
	DT: () => "term",
	EM: () => "emphasis",
	FIELDSET: () => "group",
	FIGURE: () => "figure",
	FOOTER: (e) => closestCrossShadow(e, kAncestorPreventingLandmark) ? null : "contentinfo",
	FORM: (e) => hasExplicitAccessibleName(e) ? "form" : null,
	H1: () => "heading",
	H2: () => "heading",
	H3: () => "heading",
	H4: () => "heading",
	H5: () => "heading",
	H6: () => "heading",
	HEADER: (e) => closestCrossShadow(e, kAncestorPreventingLandmark) ? null : "banner",
	HR: () => "separator",
	HTML: () => "document",
	IMG: (e) => e.getAttribute("alt") === "" && !e.getAttribute("title") && !hasGlobalAriaAttribute(e) && !hasTabIndex(e) ? "presentation" : "img",
	INPUT: (e) => {
		const type = e.type.toLowerCase();
		if (type === "search") return e.hasAttribute("list") ? "combobox" : "searchbox";
		if ([
			"email",
			"tel",
			"text",
			"url",
			""
		].includes(type)) {
			const list = getIdRefs(e, e.getAttribute("list"))[0];
			return list && elementSafeTagName(list) === "DATALIST" ? "combobox" : "textbox";
		}
		if (type === "hidden") return "";
		if (type === "file") return "button";
		return {
			button: "button",
			checkbox: "checkbox",
			image: "button",
			number: "spinbutton",
			radio: "radio",
			range: "slider",
			reset: "button",
			submit: "button"
		}[type] || "textbox";
	},
	INS: () => "insertion",
	LI: () => "listitem",
	MAIN: () => "main",
	MARK: () => "mark",
	MATH: () => "math",
	MENU: () => "list",
	METER: () => "meter",
	NAV: () => "navigation",
	OL: () => "list",
	OPTGROUP: () => "group",
	OPTION: () => "option",
	OUTPUT: () => "status",
	P: () => "paragraph",
	PROGRESS: () => "progressbar",
	SECTION: (e) => hasExplicitAccessibleName(e) ? "region" : null,
	SELECT: (e) => e.hasAttribute("multiple") || e.size > 1 ? "listbox" : "combobox",
	STRONG: () => "strong",
	SUB: () => "subscript",
	SUP: () => "superscript",
	SVG: () => "img",
	TABLE: () => "table",
	TBODY: () => "rowgroup",
	TD: (e) => {
		const table = closestCrossShadow(e, "table");
		const role = table ? getExplicitAriaRole(table) : "";
		return role === "grid" || role === "treegrid" ? "gridcell" : "cell";
	},
	TEXTAREA: () => "textbox",
	TFOOT: () => "rowgroup",
	TH: (e) => {
		if (e.getAttribute("scope") === "col") return "columnheader";
		if (e.getAttribute("scope") === "row") return "rowheader";
		const table = closestCrossShadow(e, "table");
		const role = table ? getExplicitAriaRole(table) : "";
		return role === "grid" || role === "treegrid" ? "gridcell" : "cell";
	},
	THEAD: () => "rowgroup",
	TIME: () => "time",
	TR: () => "row",
	UL: () => "list"
};
const kPresentationInheritanceParents = {
	DD: ["DL", "DIV"],
	DIV: ["DL"],
	DT: ["DL", "DIV"],
	LI: ["OL", "UL"],
	TBODY: ["TABLE"],
	TD: ["TR"],
	TFOOT: ["TABLE"],
	TH: ["TR"],
	THEAD: ["TABLE"],
	TR: [
		"THEAD",
		"TBODY",
		"TFOOT",
		"TABLE"
	]
};
function getImplicitAriaRole(element) {
	var _kImplicitRoleByTagNa;
	const implicitRole = ((_kImplicitRoleByTagNa = kImplicitRoleByTagName[elementSafeTagName(element)]) === null || _kImplicitRoleByTagNa === void 0 ? void 0 : _kImplicitRoleByTagNa.call(kImplicitRoleByTagName, element)) || "";
	if (!implicitRole) return null;
	let ancestor = element;
	while (ancestor) {
		const parent = parentElementOrShadowHost(ancestor);
		const parents = kPresentationInheritanceParents[elementSafeTagName(ancestor)];
		if (!parents || !parent || !parents.includes(elementSafeTagName(parent))) break;
		const parentExplicitRole = getExplicitAriaRole(parent);
		if ((parentExplicitRole === "none" || parentExplicitRole === "presentation") && !hasPresentationConflictResolution(parent, parentExplicitRole)) return parentExplicitRole;
		ancestor = parent;
	}
	return implicitRole;
}
const allRoles = [
	"alert",
	"alertdialog",
	"application",
	"article",
	"banner",
	"blockquote",
	"button",
	"caption",
	"cell",
	"checkbox",
	"code",
	"columnheader",
	"combobox",
	"command",
	"complementary",
	"composite",
	"contentinfo",
	"definition",
	"deletion",
	"dialog",
	"directory",
	"document",
	"emphasis",
	"feed",
	"figure",
	"form",
	"generic",
	"grid",
	"gridcell",
	"group",
	"heading",
	"img",
	"input",
	"insertion",
	"landmark",
	"link",
	"list",
	"listbox",
	"listitem",
	"log",
	"main",
	"marquee",
	"math",
	"meter",
	"menu",
	"menubar",
	"menuitem",
	"menuitemcheckbox",
	"menuitemradio",
	"navigation",
	"none",
	"note",
	"option",
	"paragraph",
	"presentation",
	"progressbar",
	"radio",
	"radiogroup",
	"range",
	"region",
	"roletype",
	"row",
	"rowgroup",
	"rowheader",
	"scrollbar",
	"search",
	"searchbox",
	"section",
	"sectionhead",
	"select",
	"separator",
	"slider",
	"spinbutton",
	"status",
	"strong",
	"structure",
	"subscript",
	"superscript",
	"switch",
	"tab",
	"table",
	"tablist",
	"tabpanel",
	"term",
	"textbox",
	"time",
	"timer",
	"toolbar",
	"tooltip",
	"tree",
	"treegrid",
	"treeitem",
	"widget",
	"window"
];
const abstractRoles = [
	"command",
	"composite",
	"input",
	"landmark",
	"range",
	"roletype",
	"section",
	"sectionhead",
	"select",
	"structure",
	"widget",
	"window"
];
const validRoles = allRoles.filter((role) => !abstractRoles.includes(role));
function getExplicitAriaRole(element) {
	return (element.getAttribute("role") || "").split(" ").map((role) => role.trim()).find((role) => validRoles.includes(role)) || null;
}
function hasPresentationConflictResolution(element, role) {
	return hasGlobalAriaAttribute(element, role) || isFocusable(element);
}
function getAriaRole(element) {
	const explicitRole = getExplicitAriaRole(element);
	if (!explicitRole) return getImplicitAriaRole(element);
	if (explicitRole === "none" || explicitRole === "presentation") {
		const implicitRole = getImplicitAriaRole(element);
		if (hasPresentationConflictResolution(element, implicitRole)) return implicitRole;
	}
	return explicitRole;
}
function getAriaBoolean(attr) {
	return attr === null ? void 0 : attr.toLowerCase() === "true";
}
function isElementIgnoredForAria(element) {
	return [
		"STYLE",
		"SCRIPT",
		"NOSCRIPT",
		"TEMPLATE"
	].includes(elementSafeTagName(element));
}
function isElementHiddenForAria(element) {
	if (isElementIgnoredForAria(element)) return true;
	const style = getElementComputedStyle(element);
	const isSlot = element.nodeName === "SLOT";
	if ((style === null || style === void 0 ? void 0 : style.display) === "contents" && !isSlot) {
		for (let child = element.firstChild; child; child = child.nextSibling) {
			if (child.nodeType === 1 && !isElementHiddenForAria(child)) return false;
			if (child.nodeType === 3 && isVisibleTextNode(child)) return false;
		}
		return true;
	}
	if (!(element.nodeName === "OPTION" && !!element.closest("select")) && !isSlot && !isElementStyleVisibilityVisible(element, style)) return true;
	return belongsToDisplayNoneOrAriaHiddenOrNonSlotted(element);
}
function belongsToDisplayNoneOrAriaHiddenOrNonSlotted(element) {
	let hidden = cacheIsHidden === null || cacheIsHidden === void 0 ? void 0 : cacheIsHidden.get(element);
	if (hidden === void 0) {
		hidden = false;
		if (element.parentElement && element.parentElement.shadowRoot && !element.assignedSlot) hidden = true;
		if (!hidden) {
			const style = getElementComputedStyle(element);
			hidden = !style || style.display === "none" || getAriaBoolean(element.getAttribute("aria-hidden")) === true;
		}
		if (!hidden) {
			const parent = parentElementOrShadowHost(element);
			if (parent) hidden = belongsToDisplayNoneOrAriaHiddenOrNonSlotted(parent);
		}
		cacheIsHidden === null || cacheIsHidden === void 0 || cacheIsHidden.set(element, hidden);
	}
	return hidden;
}
function getIdRefs(element, ref) {
	if (!ref) return [];
	const root = enclosingShadowRootOrDocument(element);
	if (!root) return [];
	try {
		const ids = ref.split(" ").filter((id) => !!id);
		const set = /* @__PURE__ */ new Set();
		for (const id of ids) {
			const firstElement = root.querySelector(`#${CSS.escape(id)}`);
			if (firstElement) set.add(firstElement);
		}
		return [...set];
	} catch (e) {
		return [];
	}
}
function trimFlatString(s) {
	return s.trim();
}
function asFlatString(s) {
	return s.split("\xA0").map((chunk) => chunk.replace(/\r\n/g, "\n").replace(/[\u200b\u00ad]/g, "").replace(/\s\s*/g, " ")).join("\xA0").trim();
}
function queryInAriaOwned(element, selector) {
	const result = [...element.querySelectorAll(selector)];
	for (const owned of getIdRefs(element, element.getAttribute("aria-owns"))) {
		if (owned.matches(selector)) result.push(owned);
		result.push(...owned.querySelectorAll(selector));
	}
	return result;
}
function getPseudoContent(element, pseudo) {
	if (ignoresPseudoContent) return "";
	const cache = pseudo === "::before" ? cachePseudoContentBefore : cachePseudoContentAfter;
	if (cache === null || cache === void 0 ? void 0 : cache.has(element)) return (cache === null || cache === void 0 ? void 0 : cache.get(element)) || "";
	const content = getPseudoContentImpl(getElementComputedStyle(element, pseudo));
	if (cache) cache.set(element, content);
	return content;
}
function getPseudoContentImpl(pseudoStyle) {
	if (!pseudoStyle) return "";
	const content = pseudoStyle.content;
	if (content[0] === "'" && content[content.length - 1] === "'" || content[0] === "\"" && content[content.length - 1] === "\"") {
		const unquoted = content.substring(1, content.length - 1);
		if ((pseudoStyle.display || "inline") !== "inline") return ` ${unquoted} `;
		return unquoted;
	}
	return "";
}
function getAriaLabelledByElements(element) {
	const ref = element.getAttribute("aria-labelledby");
	if (ref === null) return null;
	return getIdRefs(element, ref);
}
function allowsNameFromContent(role, targetDescendant) {
	const alwaysAllowsNameFromContent = [
		"button",
		"cell",
		"checkbox",
		"columnheader",
		"gridcell",
		"heading",
		"link",
		"menuitem",
		"menuitemcheckbox",
		"menuitemradio",
		"option",
		"radio",
		"row",
		"rowheader",
		"switch",
		"tab",
		"tooltip",
		"treeitem"
	].includes(role);
	const descendantAllowsNameFromContent = targetDescendant && [
		"",
		"caption",
		"code",
		"contentinfo",
		"definition",
		"deletion",
		"emphasis",
		"insertion",
		"list",
		"listitem",
		"mark",
		"none",
		"paragraph",
		"presentation",
		"region",
		"row",
		"rowgroup",
		"section",
		"strong",
		"subscript",
		"superscript",
		"table",
		"term",
		"time"
	].includes(role);
	return alwaysAllowsNameFromContent || descendantAllowsNameFromContent;
}
function getElementAccessibleName(element, includeHidden) {
	const cache = includeHidden ? cacheAccessibleNameHidden : cacheAccessibleName;
	let accessibleName = cache === null || cache === void 0 ? void 0 : cache.get(element);
	if (accessibleName === void 0) {
		accessibleName = "";
		if (![
			"caption",
			"code",
			"definition",
			"deletion",
			"emphasis",
			"generic",
			"insertion",
			"mark",
			"paragraph",
			"presentation",
			"strong",
			"subscript",
			"suggestion",
			"superscript",
			"term",
			"time"
		].includes(getAriaRole(element) || "")) accessibleName = asFlatString(getTextAlternativeInternal(element, {
			includeHidden,
			visitedElements: /* @__PURE__ */ new Set(),
			embeddedInDescribedBy: void 0,
			embeddedInLabelledBy: void 0,
			embeddedInLabel: void 0,
			embeddedInNativeTextAlternative: void 0,
			embeddedInTargetElement: "self"
		}));
		cache === null || cache === void 0 || cache.set(element, accessibleName);
	}
	return accessibleName;
}
function getElementAccessibleDescription(element, includeHidden) {
	const cache = includeHidden ? cacheAccessibleDescriptionHidden : cacheAccessibleDescription;
	let accessibleDescription = cache === null || cache === void 0 ? void 0 : cache.get(element);
	if (accessibleDescription === void 0) {
		accessibleDescription = "";
		if (element.hasAttribute("aria-describedby")) accessibleDescription = asFlatString(getIdRefs(element, element.getAttribute("aria-describedby")).map((ref) => getTextAlternativeInternal(ref, {
			includeHidden,
			visitedElements: /* @__PURE__ */ new Set(),
			embeddedInDescribedBy: {
				element: ref,
				hidden: isElementHiddenForAria(ref)
			}
		})).join(" "));
		else if (element.hasAttribute("aria-description")) accessibleDescription = asFlatString(element.getAttribute("aria-description") || "");
		else accessibleDescription = asFlatString(element.getAttribute("title") || "");
		cache === null || cache === void 0 || cache.set(element, accessibleDescription);
	}
	return accessibleDescription;
}
const kAriaInvalidRoles = [
	"application",
	"checkbox",
	"combobox",
	"gridcell",
	"listbox",
	"radiogroup",
	"slider",
	"spinbutton",
	"textbox",
	"tree",
	"columnheader",
	"rowheader",
	"searchbox",
	"switch",
	"treegrid"
];
function getAriaInvalid(element) {
	const role = getAriaRole(element) || "";
	if (!role || !kAriaInvalidRoles.includes(role)) return "false";
	const ariaInvalid = element.getAttribute("aria-invalid");
	if (!ariaInvalid || ariaInvalid.trim() === "" || ariaInvalid.toLocaleLowerCase() === "false") return "false";
	if (ariaInvalid === "true" || ariaInvalid === "grammar" || ariaInvalid === "spelling") return ariaInvalid;
	return "true";
}
function getValidityInvalid(element) {
	if ("validity" in element) {
		const validity = element.validity;
		return (validity === null || validity === void 0 ? void 0 : validity.valid) === false;
	}
	return false;
}
function getElementAccessibleErrorMessage(element) {
	const cache = cacheAccessibleErrorMessage;
	let accessibleErrorMessage = cacheAccessibleErrorMessage === null || cacheAccessibleErrorMessage === void 0 ? void 0 : cacheAccessibleErrorMessage.get(element);
	if (accessibleErrorMessage === void 0) {
		accessibleErrorMessage = "";
		const isAriaInvalid = getAriaInvalid(element) !== "false";
		const isValidityInvalid = getValidityInvalid(element);
		if (isAriaInvalid || isValidityInvalid) accessibleErrorMessage = getIdRefs(element, element.getAttribute("aria-errormessage")).map((errorMessage) => asFlatString(getTextAlternativeInternal(errorMessage, {
			visitedElements: /* @__PURE__ */ new Set(),
			embeddedInDescribedBy: {
				element: errorMessage,
				hidden: isElementHiddenForAria(errorMessage)
			}
		}))).join(" ").trim();
		cache === null || cache === void 0 || cache.set(element, accessibleErrorMessage);
	}
	return accessibleErrorMessage;
}
function getTextAlternativeInternal(element, options) {
	if (options.visitedElements.has(element)) return "";
	const childOptions = {
		...options,
		embeddedInTargetElement: options.embeddedInTargetElement === "self" ? "descendant" : options.embeddedInTargetElement
	};
	if (!options.includeHidden) {
		var _options$embeddedInLa, _options$embeddedInDe, _options$embeddedInNa, _options$embeddedInLa2;
		const isEmbeddedInHiddenReferenceTraversal = !!((_options$embeddedInLa = options.embeddedInLabelledBy) === null || _options$embeddedInLa === void 0 ? void 0 : _options$embeddedInLa.hidden) || !!((_options$embeddedInDe = options.embeddedInDescribedBy) === null || _options$embeddedInDe === void 0 ? void 0 : _options$embeddedInDe.hidden) || !!((_options$embeddedInNa = options.embeddedInNativeTextAlternative) === null || _options$embeddedInNa === void 0 ? void 0 : _options$embeddedInNa.hidden) || !!((_options$embeddedInLa2 = options.embeddedInLabel) === null || _options$embeddedInLa2 === void 0 ? void 0 : _options$embeddedInLa2.hidden);
		if (isElementIgnoredForAria(element) || !isEmbeddedInHiddenReferenceTraversal && isElementHiddenForAria(element)) {
			options.visitedElements.add(element);
			return "";
		}
	}
	const labelledBy = getAriaLabelledByElements(element);
	if (!options.embeddedInLabelledBy) {
		const accessibleName = (labelledBy || []).map((ref) => getTextAlternativeInternal(ref, {
			...options,
			embeddedInLabelledBy: {
				element: ref,
				hidden: isElementHiddenForAria(ref)
			},
			embeddedInDescribedBy: void 0,
			embeddedInTargetElement: void 0,
			embeddedInLabel: void 0,
			embeddedInNativeTextAlternative: void 0
		})).join(" ");
		if (accessibleName) return accessibleName;
	}
	const role = getAriaRole(element) || "";
	const tagName = elementSafeTagName(element);
	if (!!options.embeddedInLabel || !!options.embeddedInLabelledBy || options.embeddedInTargetElement === "descendant") {
		const isOwnLabel = [...labelsOf(element) || []].includes(element);
		const isOwnLabelledBy = (labelledBy || []).includes(element);
		if (!isOwnLabel && !isOwnLabelledBy) {
			if (role === "textbox") {
				options.visitedElements.add(element);
				if (tagName === "INPUT" || tagName === "TEXTAREA") return element.value;
				return element.textContent || "";
			}
			if (["combobox", "listbox"].includes(role)) {
				options.visitedElements.add(element);
				let selectedOptions;
				if (tagName === "SELECT") {
					selectedOptions = [...element.selectedOptions];
					if (!selectedOptions.length && element.options.length) selectedOptions.push(element.options[0]);
				} else {
					const listbox = role === "combobox" ? queryInAriaOwned(element, "*").find((e) => getAriaRole(e) === "listbox") : element;
					selectedOptions = listbox ? queryInAriaOwned(listbox, "[aria-selected=\"true\"]").filter((e) => getAriaRole(e) === "option") : [];
				}
				if (!selectedOptions.length && tagName === "INPUT") return element.value;
				return selectedOptions.map((option) => getTextAlternativeInternal(option, childOptions)).join(" ");
			}
			if ([
				"progressbar",
				"scrollbar",
				"slider",
				"spinbutton",
				"meter"
			].includes(role)) {
				options.visitedElements.add(element);
				if (element.hasAttribute("aria-valuetext")) return element.getAttribute("aria-valuetext") || "";
				if (element.hasAttribute("aria-valuenow")) return element.getAttribute("aria-valuenow") || "";
				return element.getAttribute("value") || "";
			}
			if (["menu"].includes(role)) {
				options.visitedElements.add(element);
				return "";
			}
		}
	}
	const ariaLabel = element.getAttribute("aria-label") || "";
	if (trimFlatString(ariaLabel)) {
		options.visitedElements.add(element);
		return ariaLabel;
	}
	if (!["presentation", "none"].includes(role)) {
		if (tagName === "INPUT" && [
			"button",
			"submit",
			"reset"
		].includes(element.type)) {
			options.visitedElements.add(element);
			const value = element.value || "";
			if (trimFlatString(value)) return value;
			if (element.type === "submit") return "Submit";
			if (element.type === "reset") return "Reset";
			return element.getAttribute("title") || "";
		}
		if (tagName === "INPUT" && element.type === "image") {
			options.visitedElements.add(element);
			const labels = labelsOf(element) || [];
			if (labels.length && !options.embeddedInLabelledBy) return getAccessibleNameFromAssociatedLabels(labels, options);
			const alt = element.getAttribute("alt") || "";
			if (trimFlatString(alt)) return alt;
			const title = element.getAttribute("title") || "";
			if (trimFlatString(title)) return title;
			return "Submit";
		}
		if (!labelledBy && tagName === "BUTTON") {
			options.visitedElements.add(element);
			const labels = labelsOf(element) || [];
			if (labels.length) return getAccessibleNameFromAssociatedLabels(labels, options);
		}
		if (!labelledBy && tagName === "OUTPUT") {
			options.visitedElements.add(element);
			const labels = labelsOf(element) || [];
			if (labels.length) return getAccessibleNameFromAssociatedLabels(labels, options);
			return element.getAttribute("title") || "";
		}
		if (!labelledBy && (tagName === "TEXTAREA" || tagName === "SELECT" || tagName === "INPUT")) {
			options.visitedElements.add(element);
			const labels = labelsOf(element) || [];
			if (labels.length) return getAccessibleNameFromAssociatedLabels(labels, options);
			const usePlaceholder = tagName === "INPUT" && [
				"text",
				"password",
				"search",
				"tel",
				"email",
				"url"
			].includes(element.type) || tagName === "TEXTAREA";
			const placeholder = element.getAttribute("placeholder") || "";
			const title = element.getAttribute("title") || "";
			if (!usePlaceholder || title) return title;
			return placeholder;
		}
		if (!labelledBy && tagName === "FIELDSET") {
			options.visitedElements.add(element);
			for (let child = element.firstElementChild; child; child = child.nextElementSibling) if (elementSafeTagName(child) === "LEGEND") return getTextAlternativeInternal(child, {
				...childOptions,
				embeddedInNativeTextAlternative: {
					element: child,
					hidden: isElementHiddenForAria(child)
				}
			});
			return element.getAttribute("title") || "";
		}
		if (!labelledBy && tagName === "FIGURE") {
			options.visitedElements.add(element);
			for (let child = element.firstElementChild; child; child = child.nextElementSibling) if (elementSafeTagName(child) === "FIGCAPTION") return getTextAlternativeInternal(child, {
				...childOptions,
				embeddedInNativeTextAlternative: {
					element: child,
					hidden: isElementHiddenForAria(child)
				}
			});
			return element.getAttribute("title") || "";
		}
		if (tagName === "IMG") {
			options.visitedElements.add(element);
			const alt = element.getAttribute("alt") || "";
			if (trimFlatString(alt)) return alt;
			return element.getAttribute("title") || "";
		}
		if (tagName === "TABLE") {
			options.visitedElements.add(element);
			for (let child = element.firstElementChild; child; child = child.nextElementSibling) if (elementSafeTagName(child) === "CAPTION") return getTextAlternativeInternal(child, {
				...childOptions,
				embeddedInNativeTextAlternative: {
					element: child,
					hidden: isElementHiddenForAria(child)
				}
			});
			const summary = element.getAttribute("summary") || "";
			if (summary) return summary;
		}
		if (tagName === "AREA") {
			options.visitedElements.add(element);
			const alt = element.getAttribute("alt") || "";
			if (trimFlatString(alt)) return alt;
			return element.getAttribute("title") || "";
		}
		if (tagName === "SVG" || element.ownerSVGElement) {
			options.visitedElements.add(element);
			for (let child = element.firstElementChild; child; child = child.nextElementSibling) if (elementSafeTagName(child) === "TITLE" && child.ownerSVGElement) return getTextAlternativeInternal(child, {
				...childOptions,
				embeddedInLabelledBy: {
					element: child,
					hidden: isElementHiddenForAria(child)
				}
			});
		}
		if (element.ownerSVGElement && tagName === "A") {
			const title = element.getAttribute("xlink:title") || "";
			if (trimFlatString(title)) {
				options.visitedElements.add(element);
				return title;
			}
		}
	}
	const shouldNameFromContentForSummary = tagName === "SUMMARY" && !["presentation", "none"].includes(role);
	if (allowsNameFromContent(role, options.embeddedInTargetElement === "descendant") || shouldNameFromContentForSummary || !!options.embeddedInLabelledBy || !!options.embeddedInDescribedBy || !!options.embeddedInLabel || !!options.embeddedInNativeTextAlternative) {
		options.visitedElements.add(element);
		const accessibleName = innerAccumulatedElementText(element, childOptions);
		if (options.embeddedInTargetElement === "self" ? trimFlatString(accessibleName) : accessibleName) return accessibleName;
	}
	if (!["presentation", "none"].includes(role) || tagName === "IFRAME") {
		options.visitedElements.add(element);
		const title = element.getAttribute("title") || "";
		if (trimFlatString(title)) return title;
	}
	options.visitedElements.add(element);
	return "";
}
function innerAccumulatedElementText(element, options) {
	const tokens = [];
	const visit = (node, skipSlotted) => {
		if (skipSlotted && node.assignedSlot) return;
		if (node.nodeType === 1) {
			var _getElementComputedSt;
			const display = ((_getElementComputedSt = getElementComputedStyle(node)) === null || _getElementComputedSt === void 0 ? void 0 : _getElementComputedSt.display) || "inline";
			let token = getTextAlternativeInternal(node, options);
			if (display !== "inline" || node.nodeName === "BR") token = " " + token + " ";
			tokens.push(token);
		} else if (node.nodeType === 3) tokens.push(node.textContent || "");
	};
	tokens.push(getPseudoContent(element, "::before"));
	const assignedNodes = element.nodeName === "SLOT" ? element.assignedNodes() : [];
	if (assignedNodes.length) for (const child of assignedNodes) visit(child, false);
	else {
		for (let child = element.firstChild; child; child = child.nextSibling) visit(child, true);
		if (element.shadowRoot) for (let child = element.shadowRoot.firstChild; child; child = child.nextSibling) visit(child, true);
		for (const owned of getIdRefs(element, element.getAttribute("aria-owns"))) visit(owned, true);
	}
	tokens.push(getPseudoContent(element, "::after"));
	return tokens.join("");
}
const kAriaSelectedRoles = [
	"gridcell",
	"option",
	"row",
	"tab",
	"rowheader",
	"columnheader",
	"treeitem"
];
function getAriaSelected(element) {
	if (elementSafeTagName(element) === "OPTION") return element.selected;
	if (kAriaSelectedRoles.includes(getAriaRole(element) || "")) return getAriaBoolean(element.getAttribute("aria-selected")) === true;
	return false;
}
const kAriaCheckedRoles = [
	"checkbox",
	"menuitemcheckbox",
	"option",
	"radio",
	"switch",
	"menuitemradio",
	"treeitem"
];
function getAriaChecked(element) {
	const result = getChecked(element, true);
	return result === "error" ? false : result;
}
function getChecked(element, allowMixed) {
	const tagName = elementSafeTagName(element);
	if (allowMixed && tagName === "INPUT" && element.indeterminate) return "mixed";
	if (tagName === "INPUT" && ["checkbox", "radio"].includes(element.type)) return element.checked;
	if (kAriaCheckedRoles.includes(getAriaRole(element) || "")) {
		const checked = element.getAttribute("aria-checked");
		if (checked === "true") return true;
		if (allowMixed && checked === "mixed") return "mixed";
		return false;
	}
	return "error";
}
const kAriaPressedRoles = ["button"];
function getAriaPressed(element) {
	if (kAriaPressedRoles.includes(getAriaRole(element) || "")) {
		const pressed = element.getAttribute("aria-pressed");
		if (pressed === "true") return true;
		if (pressed === "mixed") return "mixed";
	}
	return false;
}
const kAriaExpandedRoles = [
	"application",
	"button",
	"checkbox",
	"combobox",
	"gridcell",
	"link",
	"listbox",
	"menuitem",
	"row",
	"rowheader",
	"tab",
	"treeitem",
	"columnheader",
	"menuitemcheckbox",
	"menuitemradio",
	"rowheader",
	"switch"
];
function getAriaExpanded(element) {
	if (elementSafeTagName(element) === "DETAILS") return element.open;
	if (kAriaExpandedRoles.includes(getAriaRole(element) || "")) {
		const expanded = element.getAttribute("aria-expanded");
		if (expanded === null) return "none";
		if (expanded === "true") return true;
		return false;
	}
	return "none";
}
const kAriaLevelRoles = [
	"heading",
	"listitem",
	"row",
	"treeitem"
];
function getAriaLevel(element) {
	const native = {
		H1: 1,
		H2: 2,
		H3: 3,
		H4: 4,
		H5: 5,
		H6: 6
	}[elementSafeTagName(element)];
	if (native) return native;
	if (kAriaLevelRoles.includes(getAriaRole(element) || "")) {
		const attr = element.getAttribute("aria-level");
		const value = attr === null ? NaN : Number(attr);
		if (Number.isInteger(value) && value >= 1) return value;
	}
	return 0;
}
const kAriaDisabledRoles = [
	"application",
	"button",
	"composite",
	"gridcell",
	"group",
	"input",
	"link",
	"menuitem",
	"scrollbar",
	"separator",
	"tab",
	"checkbox",
	"columnheader",
	"combobox",
	"grid",
	"listbox",
	"menu",
	"menubar",
	"menuitemcheckbox",
	"menuitemradio",
	"option",
	"radio",
	"radiogroup",
	"row",
	"rowheader",
	"searchbox",
	"select",
	"slider",
	"spinbutton",
	"switch",
	"tablist",
	"textbox",
	"toolbar",
	"tree",
	"treegrid",
	"treeitem"
];
function getAriaDisabled(element) {
	return isNativelyDisabled(element) || hasExplicitAriaDisabled(element);
}
function isNativelyDisabled(element) {
	return [
		"BUTTON",
		"INPUT",
		"SELECT",
		"TEXTAREA",
		"OPTION",
		"OPTGROUP"
	].includes(element.tagName) && (element.hasAttribute("disabled") || belongsToDisabledFieldSet(element));
}
function belongsToDisabledFieldSet(element) {
	const fieldSetElement = element === null || element === void 0 ? void 0 : element.closest("FIELDSET[DISABLED]");
	if (!fieldSetElement) return false;
	const legendElement = fieldSetElement.querySelector(":scope > LEGEND");
	return !legendElement || !legendElement.contains(element);
}
function hasExplicitAriaDisabled(element) {
	if (!element) return false;
	if (kAriaDisabledRoles.includes(getAriaRole(element) || "")) {
		const attribute = (element.getAttribute("aria-disabled") || "").toLowerCase();
		if (attribute === "true") return true;
		if (attribute === "false") return false;
	}
	return hasExplicitAriaDisabled(parentElementOrShadowHost(element));
}
function getAccessibleNameFromAssociatedLabels(labels, options) {
	return [...labels].map((label) => getTextAlternativeInternal(label, {
		...options,
		embeddedInLabel: {
			element: label,
			hidden: isElementHiddenForAria(label)
		},
		embeddedInNativeTextAlternative: void 0,
		embeddedInLabelledBy: void 0,
		embeddedInDescribedBy: void 0,
		embeddedInTargetElement: void 0
	})).filter((accessibleName) => !!accessibleName).join(" ");
}
let ignoresPseudoContent = false;
function getElementNameWithoutGenerated(element) {
	const cache = cacheAccessibleName;
	cacheAccessibleName = void 0;
	ignoresPseudoContent = true;
	try {
		return getElementAccessibleName(element, false);
	} finally {
		ignoresPseudoContent = false;
		cacheAccessibleName = cache;
	}
}
let cacheAccessibleName;
let cacheAccessibleNameHidden;
let cacheAccessibleErrorMessage;
let cacheAccessibleDescription;
let cacheAccessibleDescriptionHidden;
let cacheIsHidden;
let cachePseudoContentBefore;
let cachePseudoContentAfter;
let cachesCounter = 0;
function beginAriaCaches() {
	var _cacheAccessibleName, _cacheAccessibleNameH, _cacheAccessibleDescr, _cacheAccessibleDescr2, _cacheAccessibleError, _cacheIsHidden, _cachePseudoContentBe, _cachePseudoContentAf;
	++cachesCounter;
	(_cacheAccessibleName = cacheAccessibleName) !== null && _cacheAccessibleName !== void 0 || (cacheAccessibleName = /* @__PURE__ */ new Map());
	(_cacheAccessibleNameH = cacheAccessibleNameHidden) !== null && _cacheAccessibleNameH !== void 0 || (cacheAccessibleNameHidden = /* @__PURE__ */ new Map());
	(_cacheAccessibleDescr = cacheAccessibleDescription) !== null && _cacheAccessibleDescr !== void 0 || (cacheAccessibleDescription = /* @__PURE__ */ new Map());
	(_cacheAccessibleDescr2 = cacheAccessibleDescriptionHidden) !== null && _cacheAccessibleDescr2 !== void 0 || (cacheAccessibleDescriptionHidden = /* @__PURE__ */ new Map());
	(_cacheAccessibleError = cacheAccessibleErrorMessage) !== null && _cacheAccessibleError !== void 0 || (cacheAccessibleErrorMessage = /* @__PURE__ */ new Map());
	(_cacheIsHidden = cacheIsHidden) !== null && _cacheIsHidden !== void 0 || (cacheIsHidden = /* @__PURE__ */ new Map());
	(_cachePseudoContentBe = cachePseudoContentBefore) !== null && _cachePseudoContentBe !== void 0 || (cachePseudoContentBefore = /* @__PURE__ */ new Map());
	(_cachePseudoContentAf = cachePseudoContentAfter) !== null && _cachePseudoContentAf !== void 0 || (cachePseudoContentAfter = /* @__PURE__ */ new Map());
}
function endAriaCaches() {
	if (!--cachesCounter) {
		cacheAccessibleName = void 0;
		cacheAccessibleNameHidden = void 0;
		cacheAccessibleDescription = void 0;
		cacheAccessibleDescriptionHidden = void 0;
		cacheAccessibleErrorMessage = void 0;
		cacheIsHidden = void 0;
		cachePseudoContentBefore = void 0;
		cachePseudoContentAfter = void 0;
	}
}

export { beginAriaCaches, endAriaCaches, getAriaRole, getElementAccessibleName, getElementNameWithoutGenerated };
