// src/domUtils.ts of ivya 1.8.2, compiled, with the changes that README.md beside it names.
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
function parentElementOrShadowHost(element) {
	if (element.parentElement) return element.parentElement;
	if (!element.parentNode) return;
	if (element.parentNode.nodeType === 11 && element.parentNode.host) return element.parentNode.host;
}
function enclosingShadowRootOrDocument(element) {
	let node = element;
	while (node.parentNode) node = node.parentNode;
	if (node.nodeType === 11 || node.nodeType === 9) return node;
}
function enclosingShadowHost(element) {
	while (element.parentElement) element = element.parentElement;
	return parentElementOrShadowHost(element);
}
function closestCrossShadow(element, css) {
	while (element) {
		const closest = element.closest(css);
		if (closest) return closest;
		element = enclosingShadowHost(element);
	}
}
function getElementComputedStyle(element, pseudo) {
	return element.ownerDocument && element.ownerDocument.defaultView ? element.ownerDocument.defaultView.getComputedStyle(element, pseudo) : void 0;
}
function isElementStyleVisibilityVisible(element, style) {
	var _style;
	style = (_style = style) !== null && _style !== void 0 ? _style : getElementComputedStyle(element);
	if (!style) return true;
	if (Element.prototype.checkVisibility) {
		if (!element.checkVisibility()) return false;
	} else {
		const detailsOrSummary = element.closest("details,summary");
		if (detailsOrSummary !== element && (detailsOrSummary === null || detailsOrSummary === void 0 ? void 0 : detailsOrSummary.nodeName) === "DETAILS" && !detailsOrSummary.open) return false;
	}
	if (style.visibility !== "visible") return false;
	return true;
}
function isElementVisible(element) {
	const style = getElementComputedStyle(element);
	if (!style) return true;
	if (style.display === "contents") {
		for (let child = element.firstChild; child; child = child.nextSibling) {
			if (child.nodeType === 1 && isElementVisible(child)) return true;
			if (child.nodeType === 3 && isVisibleTextNode(child)) return true;
		}
		return false;
	}
	if (!isElementStyleVisibilityVisible(element, style)) return false;
	const rect = element.getBoundingClientRect();
	return rect.width > 0 && rect.height > 0;
}
function isVisibleTextNode(node) {
	const range = node.ownerDocument.createRange();
	range.selectNode(node);
	const rect = range.getBoundingClientRect();
	return rect.width > 0 && rect.height > 0;
}
function elementSafeTagName(element) {
	if (element instanceof HTMLFormElement) return "FORM";
	return element.tagName.toUpperCase();
}

export {
	parentElementOrShadowHost,
	enclosingShadowRootOrDocument,
	closestCrossShadow,
	getElementComputedStyle,
	isElementStyleVisibilityVisible,
	isVisibleTextNode,
	elementSafeTagName,
};
