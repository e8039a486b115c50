package org.apache.heron.framework.core;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of decisions, written as text: the first line names the columns, each other line a row
 * and its cells. A name, a row of the wrong length or a missing cell that is asked for is an error.
 *
 * @param <C> what columns are named for
 * @param <V> what cells say, in lower case
 */
final class Grid<C extends Enum<C>, V extends Enum<V>> {
  private final Map<String, Map<C, V>> rows = new HashMap<>();

  Grid(String text, Class<C> columnType, String columnPrefix, Class<V> cellType) {
    List<String> lines = text.lines().toList();
    List<C> columns =
        words(lines.get(0)).stream()
            .map(word -> Enum.valueOf(columnType, columnPrefix + word))
            .toList();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = words(line);
      if (words.size() != columns.size() + 1) {
        throw new IllegalStateException("the row needs " + columns.size() + " cells: " + line);
      }
      Map<C, V> row = new EnumMap<>(columnType);
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), Enum.valueOf(cellType, words.get(i + 1).toUpperCase(Locale.ROOT)));
      }
      rows.put(words.get(0), row);
    }
  }

  V cell(String row, C column) {
    Map<C, V> cells = rows.get(row);
    if (cells == null || !cells.containsKey(column)) {
      throw new IllegalStateException("no cell for " + row + " and " + column);
    }
    return cells.get(column);
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.strip().split("\\s+"));
  }
}
