package dev.myelin.server.library;

import dev.myelin.client.library.model.Filter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a condition: `year>=2020`, `author=Kim`, `tags~pets`.
final class FilterArgument implements ITypeConverter<Filter> {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_.-]{1,256})(>=|<=|!=|=|>|<|~)(.*)", Pattern.DOTALL);

  FilterArgument() {}

  @Override
  public Filter convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "\""
              + text
              + "\" is no condition (expected: for example author=Kim, year>=2020, tags~pets)");
    }
    String field = matcher.group(1);
    String value = matcher.group(3);
    return switch (matcher.group(2)) {
      case ">=" -> Filter.gte(field, value);
      case "<=" -> Filter.lte(field, value);
      case "!=" -> Filter.ne(field, value);
      case ">" -> Filter.gt(field, value);
      case "<" -> Filter.lt(field, value);
      case "~" -> Filter.contains(field, value);
      default -> Filter.eq(field, value);
    };
  }
}
