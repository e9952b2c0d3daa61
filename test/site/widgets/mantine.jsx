import {
  Button,
  MantineProvider,
  Modal,
  NumberInput,
  Select,
  Slider,
  Switch,
  TextInput,
} from "@mantine/core";
import "@mantine/core/styles.css";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { root, showState } from "./state.jsx";

function Order() {
  const [name, setName] = useState("");
  const [count, setCount] = useState(1);
  const [size, setSize] = useState(null);
  const [isGift, setGift] = useState(false);
  const [price, setPrice] = useState(10);
  const [isAsking, setAsking] = useState(false);
  const [isSent, setSent] = useState(false);
  useEffect(() => showState({ name, count, size, isGift, price, isSent }));
  return (
    <>
      <TextInput label="Name" value={name} onChange={({ target }) => setName(target.value)} />
      <NumberInput label="Count" value={count} onChange={setCount} min={1} />
      <Select label="Size" data={["Small", "Medium", "Large"]} value={size} onChange={setSize} searchable />
      <Switch label="Gift" checked={isGift} onChange={({ target }) => setGift(target.checked)} />
      <Slider thumbLabel="Price" value={price} onChange={setPrice} mt="md" />
      <Button mt="md" onClick={() => setAsking(true)}>
        Order
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title="Sure?">
        <Button
          onClick={() => {
            setSent(true);
            setAsking(false);
          }}
        >
          Yes
        </Button>
      </Modal>
    </>
  );
}

createRoot(root).render(
  <MantineProvider>
    <Order />
  </MantineProvider>,
);
