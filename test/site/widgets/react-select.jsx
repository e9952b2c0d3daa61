import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import Select from "react-select";
import { root, showState } from "./state.jsx";

const CITIES = ["Amsterdam", "Berlin", "Lisbon", "London", "Madrid", "Oslo", "Paris", "Vienna"];
const OPTIONS = CITIES.map((label) => ({ label, value: label.toLowerCase() }));

function Form() {
  const [city, setCity] = useState(null);
  const [stops, setStops] = useState([]);
  useEffect(() => showState([city?.value ?? "none", ...stops.map(({ value }) => value)].join(" ")));
  return (
    <>
      <label htmlFor="city">City</label>
      <Select inputId="city" className="city" options={OPTIONS} value={city} onChange={setCity} isClearable />
      <label htmlFor="stops">Stops</label>
      <Select inputId="stops" className="stops" options={OPTIONS} value={stops} onChange={setStops} isMulti />
    </>
  );
}

createRoot(root).render(<Form />);
