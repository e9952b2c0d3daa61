import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { root, showState } from "./state.jsx";

function Form() {
  const [form, setForm] = useState({ name: "Ada", code: "", about: "", size: "s", isMember: false, day: "" });
  useEffect(() => showState(form), [form]);
  const set = (field, value) => setForm((before) => ({ ...before, [field]: value }));
  return (
    <form>
      <label>
        Name
        <input value={form.name} onChange={(event) => set("name", event.target.value)} />
      </label>
      <label>
        Code
        <input
          value={form.code}
          onChange={(event) => set("code", event.target.value.toUpperCase().replace(/[^A-Z0-9]/g, ""))}
        />
      </label>
      <label>
        About
        <textarea value={form.about} onChange={(event) => set("about", event.target.value)} />
      </label>
      <label>
        Size
        <select value={form.size} onChange={(event) => set("size", event.target.value)}>
          <option value="s">Small</option>
          <option value="l">Large</option>
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={form.isMember}
          onChange={(event) => set("isMember", event.target.checked)}
        />
        Member
      </label>
      <label>
        Day
        <input type="date" value={form.day} onChange={(event) => set("day", event.target.value)} />
      </label>
      <p id="greeting">Hello {form.name || "nobody"}</p>
    </form>
  );
}

createRoot(root).render(<Form />);
