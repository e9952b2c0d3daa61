import ts from "typescript";

/**
 * A form gives its controls away under their names, in the place of what every element has: where it has a field
 * called `children`, `form.children` is that field, in any world. So what our scripts ask an element for is asked of
 * the class of forms, where the element is one.
 */
const NAMES = new Set(
  `addEventListener assignedSlot attributes checkVisibility childElementCount childNodes children classList className clientHeight clientLeft
  clientTop clientWidth closest contains dispatchEvent elements firstChild firstElementChild focus getAttribute
  getAttributeNames getBoundingClientRect getClientRects getRootNode hasAttribute innerText isConnected
  isContentEditable localName matches namespaceURI nextSibling nodeName nodeType noValidate offsetHeight offsetWidth
  ownerDocument parentElement parentNode previousSibling querySelector querySelectorAll requestSubmit scrollBy
  scrollHeight scrollIntoView scrollLeft scrollTo scrollTop scrollWidth shadowRoot tagName textContent title`.split(
    /\s+/,
  ),
);

/** The module that the rewritten code imports. */
export const FORM_SAFE = "form-safe";

/** One function for each name to read, and one to call; what is not used is left out of the bundle. */
export const FORM_SAFE_MODULE = [
  // Left out, too, where nothing is asked of an element.
  "const Form = /* @__PURE__ */ (() => HTMLFormElement)(), whole = /* @__PURE__ */ (() => Form.prototype)();",
  "const read = Reflect.get, call = Reflect.apply;",
  ...[...NAMES].flatMap((name) => [
    `export const get_${name} = (o) => o instanceof Form ? read(whole, "${name}", o) : o.${name};`,
    `export const call_${name} = (o, ...args) => o instanceof Form ? call(read(whole, "${name}", o), o, args) : o.${name}(...args);`,
  ]),
].join("\n");

/** Rewrites a module's source so that what it asks of elements is asked of forms in this way. */
export function formSafe(source: string, fileName: string): string {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true);
  const result = ts.transform(file, [rewriting]);
  return `import * as formSafe from "${FORM_SAFE}";\n${ts.createPrinter().printFile(result.transformed[0] ?? file)}`;
}

const rewriting: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const { factory } = context;
  const helper = (kind: "get" | "call", name: string, args: readonly ts.Expression[]) => {
    const member = factory.createPropertyAccessExpression(
      factory.createIdentifier("formSafe"),
      `${kind}_${name}`,
    );
    return factory.createCallExpression(member, undefined, args);
  };
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isCallExpression(node) && isAsked(node.expression) && !ts.isOptionalChain(node)) {
      const { expression, name } = node.expression;
      return helper("call", name.text, [expression, ...node.arguments].map(visitExpression));
    }
    if (isAsked(node) && !isAssigned(node)) {
      return helper("get", node.name.text, [visitExpression(node.expression)]);
    }
    return ts.visitEachChild(node, visit, context);
  };
  const visitExpression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;
  return (file) => ts.visitNode(file, visit) as ts.SourceFile;
};

function isAsked(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && !ts.isOptionalChain(node) && NAMES.has(node.name.text);
}

function isAssigned(node: ts.PropertyAccessExpression): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}
