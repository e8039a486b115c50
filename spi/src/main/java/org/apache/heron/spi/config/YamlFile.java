package org.apache.heron.spi.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * One configuration file: a YAML map. Bounded in size, depth and number of values, and read without
 * ever creating an object that is not a text, number, boolean, map or list.
 */
final class YamlFile {
  private static final Logger LOG = LoggerFactory.getLogger(YamlFile.class);
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_VALUES = 20_000;

  private final Path file;
  private int valuesSeen;

  private YamlFile(Path file) {
    this.file = file;
  }

  /**
   * The file's entries in its order; an absent value is null.
   *
   * @param value a text, number, boolean, or an unmodifiable map or list of such
   * @param line from 1
   */
  record Entry(String key, Object value, int line) {}

  /**
   * Reads a file; no entries if it does not exist, is empty, or is a directory.
   *
   * @throws ConfigException if it cannot be read or is not a YAML map; names file, line and column
   */
  static List<Entry> read(Path file) {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      return List.of();
    }
    return new YamlFile(file).parse(text(file));
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException(
            file + " is larger than " + MAX_BYTES + " bytes, too large for a configuration file");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private List<Entry> parse(String text) {
    try {
      LoaderOptions limits = limits();
      NodeReader reader = new NodeReader(limits);
      // Composed without the Yaml facade, whose writing half costs start-up time.
      Node root =
          new Composer(new ParserImpl(new StreamReader(text), limits), new PlainText(), limits)
              .getSingleNode();
      if (root == null || isNull(root)) {
        return List.of();
      }
      if (!(root instanceof MappingNode map)) {
        throw error(root.getStartMark(), "expected lines of the form 'key: value'");
      }
      return entries(map, reader);
    } catch (MarkedYAMLException e) {
      throw error(e.getProblemMark(), problem(e));
    } catch (YAMLException e) {
      throw new ConfigException(file + " is not valid YAML: " + oneLine(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new ConfigException(file + " is nested too deeply", e);
    }
  }

  private static LoaderOptions limits() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_BYTES);
    limits.setNestingDepthLimit(MAX_DEPTH);
    limits.setMaxAliasesForCollections(20);
    limits.setAllowRecursiveKeys(false);
    limits.setWarnOnDuplicateKeys(false);
    return limits;
  }

  private List<Entry> entries(MappingNode map, NodeReader reader) {
    Map<String, Entry> byKey = new LinkedHashMap<>();
    for (NodeTuple tuple : reader.flatten(map).getValue()) {
      Mark mark = tuple.getKeyNode().getStartMark();
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        throw error(mark, "a key must be text");
      }
      Node node = tuple.getValueNode();
      Object value = isNull(node) ? null : plain(reader.construct(node), mark, 0);
      Entry entry = new Entry(name.getValue().trim(), value, mark.getLine() + 1);
      Entry earlier = byKey.remove(entry.key());
      if (earlier != null) {
        LOG.warn(
            "{}: {} is set in line {} and again in line {}; the last one counts",
            file,
            entry.key(),
            earlier.line(),
            entry.line());
      }
      byKey.put(entry.key(), entry);
    }
    return List.copyOf(byKey.values());
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** A copy that cannot be changed and does not contain itself. */
  private Object plain(Object value, Mark mark, int depth) {
    if (depth > MAX_DEPTH || ++valuesSeen > MAX_VALUES) {
      throw error(mark, "the value is nested too deeply, contains itself, or is too large");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, child) -> copy.put(String.valueOf(key), plain(child, mark, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof Iterable<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(child -> copy.add(plain(child, mark, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof byte[]) {
      throw error(mark, "binary values are not supported");
    }
    return value;
  }

  private ConfigException error(Mark mark, String problem) {
    String place =
        mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    return new ConfigException(file + place + ": " + problem);
  }

  private static String problem(MarkedYAMLException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return oneLine(context + e.getProblem());
  }

  private static String oneLine(String message) {
    return String.valueOf(message).replaceAll("\\s+", " ").trim();
  }

  /** Gives access to the constructor's steps, so that each key's line is known. */
  private static final class NodeReader extends SafeConstructor {
    NodeReader(LoaderOptions limits) {
      super(limits);
    }

    Object construct(Node node) {
      return constructDocument(node);
    }

    /** The map with YAML merge keys ({@code <<}) replaced by what they stand for. */
    MappingNode flatten(MappingNode map) {
      if (map.isMerged()) {
        flattenMapping(map);
      }
      return map;
    }
  }

  /** Plain scalars as upstream reads them, except that dates stay text. */
  private static final class PlainText extends Resolver {
    @Override
    public void addImplicitResolver(
        Tag tag, java.util.regex.Pattern pattern, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, pattern, first, limit);
      }
    }
  }
}
