import {
  Autocomplete,
  Button,
  Dialog,
  DialogActions,
  DialogTitle,
  FormControlLabel,
  MenuItem,
  Slider,
  Switch,
  TextField,
} from "@mui/material";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { root, showState } from "./state.jsx";

const CITIES = ["Leeds", "Lisbon", "Lyon"];

function Order() {
  const [name, setName] = useState("");
  const [size, setSize] = useState("");
  const [city, setCity] = useState(null);
  const [isGift, setGift] = useState(false);
  const [price, setPrice] = useState(10);
  const [isAsking, setAsking] = useState(false);
  const [isSent, setSent] = useState(false);
  useEffect(() => showState({ name, size, city, isGift, price, isSent }));
  return (
    <>
      <TextField label="Name" value={name} onChange={({ target }) => setName(target.value)} margin="normal" />
      <TextField
        label="Size"
        select
        fullWidth
        value={size}
        onChange={({ target }) => setSize(target.value)}
        margin="normal"
      >
        {["Small", "Medium", "Large"].map((each) => (
          <MenuItem key={each} value={each}>
            {each}
          </MenuItem>
        ))}
      </TextField>
      <Autocomplete
        options={CITIES}
        value={city}
        onChange={(_event, value) => setCity(value)}
        renderInput={(props) => <TextField {...props} label="City" />}
      />
      <FormControlLabel
        label="Gift"
        control={<Switch checked={isGift} onChange={({ target }) => setGift(target.checked)} />}
      />
      <Slider
        aria-label="Price"
        value={price}
        onChange={(_event, value) => setPrice(value)}
        sx={{ width: 200, display: "block", m: 2 }}
      />
      <Button variant="contained" onClick={() => setAsking(true)}>
        Order
      </Button>
      <Dialog open={isAsking} onClose={() => setAsking(false)}>
        <DialogTitle>Sure?</DialogTitle>
        <DialogActions>
          <Button
            onClick={() => {
              setSent(true);
              setAsking(false);
            }}
          >
            Yes
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}

createRoot(root).render(<Order />);
