import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { arrayMove, SortableContext, sortableKeyboardCoordinates, useSortable } from "@dnd-kit/sortable";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { root, showState } from "./state.jsx";

const place = (transform) =>
  transform ? { transform: `translate(${transform.x}px, ${transform.y}px)` } : undefined;

function Item({ id }) {
  const { attributes, listeners, setNodeRef, transform, transition } = useSortable({ id });
  const style = { ...place(transform), transition, padding: 8, border: "1px solid silver" };
  return (
    <div ref={setNodeRef} id={id} style={style} {...attributes} {...listeners}>
      Task {id}
    </div>
  );
}

function Card() {
  const { attributes, listeners, setNodeRef, transform } = useDraggable({ id: "card" });
  const style = { ...place(transform), width: 120, padding: 8, border: "1px solid silver" };
  return (
    <div ref={setNodeRef} id="card" style={style} {...attributes} {...listeners}>
      Card
    </div>
  );
}

function Bin() {
  const { setNodeRef } = useDroppable({ id: "bin" });
  return (
    <div ref={setNodeRef} id="bin" style={{ height: 80, marginTop: 40, border: "1px dashed gray" }}>
      Bin
    </div>
  );
}

function Board() {
  const [order, setOrder] = useState(["one", "two", "three"]);
  const [isBinned, setBinned] = useState(false);
  useEffect(() => showState(order.join(" ") + (isBinned ? " binned" : "")));
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const sort = ({ active, over }) => {
    if (over) setOrder((items) => arrayMove(items, items.indexOf(active.id), items.indexOf(over.id)));
  };
  return (
    <>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={sort}>
        <SortableContext items={order}>
          {order.map((id) => (
            <Item key={id} id={id} />
          ))}
        </SortableContext>
      </DndContext>
      <DndContext sensors={sensors} onDragEnd={({ over }) => setBinned(over?.id === "bin")}>
        <Card />
        <Bin />
      </DndContext>
    </>
  );
}

createRoot(root).render(<Board />);
