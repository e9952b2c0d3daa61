import {
  columnFilteringFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  filterFn_includesString,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { root, showState } from "./state.jsx";

const data = Array.from({ length: 200 }, (_, index) => ({
  id: index + 1,
  name: `Person ${String((index * 37) % 200).padStart(3, "0")}`,
  city: ["Paris", "Oslo", "Vienna"][index % 3],
}));

const features = tableFeatures({
  columnFilteringFeature,
  columnVisibilityFeature,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
  sortedRowModel: createSortedRowModel(),
  filterFns: { includesString: filterFn_includesString },
  sortFns: { basic: sortFn_basic, text: sortFn_text },
});
const helper = createColumnHelper();
const columns = helper.columns([
  helper.accessor("id", { header: "Number", sortFn: "basic" }),
  helper.accessor("name", { header: "Name", sortFn: "text" }),
  helper.accessor("city", { header: "City", filterFn: "includesString" }),
]);

function People() {
  const table = useTable({
    features,
    columns,
    data,
    initialState: { pagination: { pageIndex: 0, pageSize: 10 } },
  });
  const selected = table.getSelectedRowModel().rows.map(({ original }) => original.name);
  useEffect(() => showState(selected.join(", ") || "nobody"));
  const city = table.getColumn("city");
  return (
    <>
      <label htmlFor="city">City</label>
      <input
        id="city"
        value={city.getFilterValue() ?? ""}
        onChange={({ target }) => city.setFilterValue(target.value)}
      />
      <table>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th>Pick</th>
              {group.headers.map((header) => (
                <th key={header.id} onClick={header.column.getToggleSortingHandler()}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Pick ${row.original.name}`}
                  checked={row.getIsSelected()}
                  onChange={row.getToggleSelectedHandler()}
                />
              </td>
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <button onClick={() => table.nextPage()} disabled={!table.getCanNextPage()}>
        Next
      </button>
    </>
  );
}

createRoot(root).render(<People />);
