import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Buttons that open file choosers, and places to drop files on; what came of it is in `#got`. */
export function filePages(): Record<string, Route> {
  return {
    "/commands/files": ({ html }) => {
      html(FILES_PAGE);
    },
    "/commands/files/framed": ({ html }) => {
      html(
        page({
          title: "Framed files",
          plain: true,
          body: `<iframe id="frame" title="Files" src="/commands/files" width="700" height="900"></iframe>`,
        }),
      );
    },
  };
}

const FILES_PAGE = page({
  title: "Files",
  plain: true,
  body: `<p id="got">nothing</p>
<button id="detached" type="button"><span id="inside">Upload a file</span></button>
<button id="slow" type="button">Upload after a while</button>
<button id="several" type="button">Upload several</button>
<button id="silent" type="button">Nothing</button>
<label id="label" for="hidden">Choose</label><input id="hidden" type="file" style="display: none">
<div class="zone" id="zone">Drop here</div>
<div class="zone" id="eager">Drop anywhere</div><div id="overlay" hidden>Let go</div>
<div class="zone" id="clicked">Click here</div>
<div class="zone" id="covered">Over a field<input id="cover" type="file"></div>
<div class="zone" id="picky">No files, thanks</div>
<div class="zone" id="careless">Forgets to take the drop</div>
<div class="zone" id="dead">Nothing at all</div>`,
  style: `.zone { width: 300px; height: 40px; margin: 4px; border: 2px dashed; position: relative; }
  #overlay { position: fixed; inset: 0; background: #dfd; } #overlay[hidden] { display: none; }
  #cover { position: absolute; inset: 0; opacity: 0; }`,
  script: `const $ = (id) => document.getElementById(id);
const tell = async (how, files) => {
  const texts = await Promise.all([...files].map(async (file) => file.name + "=" + (await file.text()).trim()));
  $("got").textContent = how + " " + texts.join(" ");
};
const choose = (multiple = false) => {
  const input = document.createElement("input");
  input.type = "file"; input.multiple = multiple;
  input.onchange = () => tell("chosen", input.files);
  input.click();
};
$("detached").onclick = () => choose();
$("slow").onclick = () => setTimeout(choose, 300);
$("several").onclick = () => choose(true);
$("clicked").onclick = () => choose();
$("hidden").onchange = () => tell("labelled", $("hidden").files);
$("cover").onchange = () => tell("covered", $("cover").files);
const takes = (zone, how) => {
  zone.addEventListener("dragover", (event) => { event.preventDefault(); event.stopPropagation(); });
  zone.addEventListener("drop", (event) => {
    event.preventDefault(); event.stopPropagation();
    tell(how, event.dataTransfer.files);
  });
};
takes($("zone"), "dropped");
takes($("overlay"), "overlaid");
$("eager").addEventListener("dragenter", () => { $("overlay").hidden = false; });
$("overlay").addEventListener("drop", () => { $("overlay").hidden = true; });
$("picky").addEventListener("dragover", (event) => { event.preventDefault(); event.dataTransfer.dropEffect = "none"; });
$("careless").addEventListener("dragover", (event) => event.preventDefault());`,
});
