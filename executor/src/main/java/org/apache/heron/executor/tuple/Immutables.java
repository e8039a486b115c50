package org.apache.heron.executor.tuple;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Classes whose objects nobody can change, so that two threads may hold the same. By the very
 * class: subclasses of some of them could have anything in them.
 */
final class Immutables {

  /** Those that {@link ValueCodec} writes without a serializer. */
  private static final Set<Class<?>> PLAIN =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Double.class,
          Float.class,
          Short.class,
          Byte.class,
          Character.class,
          Boolean.class);

  /** Those that go to another container through the topology's serializer. */
  private static final Set<Class<?>> SERIALIZED =
      Set.of(
          BigDecimal.class,
          BigInteger.class,
          UUID.class,
          URI.class,
          Currency.class,
          Locale.class,
          Duration.class,
          Instant.class,
          LocalDate.class,
          LocalDateTime.class,
          LocalTime.class,
          MonthDay.class,
          OffsetDateTime.class,
          OffsetTime.class,
          Period.class,
          Year.class,
          YearMonth.class,
          ZonedDateTime.class,
          ZoneOffset.class,
          ZoneId.of("Europe/Berlin").getClass());

  private Immutables() {}

  static boolean plain(Class<?> type) {
    return PLAIN.contains(type);
  }

  /** Of those, or a constant of an enum. */
  static boolean serialized(Object value) {
    return value instanceof Enum || SERIALIZED.contains(value.getClass());
  }
}
