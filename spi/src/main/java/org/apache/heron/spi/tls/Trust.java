package org.apache.heron.spi.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.heron.spi.config.ConfigException;

/**
 * Which certificates of servers are believed: those in a file and no others, or those that Java
 * knows. Immutable and thread-safe.
 *
 * @param key of the configuration, which names the file; for messages
 * @param caFile one or more certificates in PEM; absent: Java's own are believed
 */
public record Trust(String key, Optional<Path> caFile) {
  /**
   * What checks the servers' certificates; absent: Java's own.
   *
   * @throws ConfigException if there are no certificates in the file; the message names it
   */
  public Optional<SSLContext> context() {
    return caFile.map(this::trusting);
  }

  private SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new ConfigException(name(file) + " holds no certificate");
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (NoSuchFileException e) {
      throw new ConfigException(name(file) + " does not exist", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          name(file) + " cannot be read as certificates in PEM: " + e.getMessage(), e);
    }
  }

  private String name(Path file) {
    return "the CA file " + file + " (" + key + ")";
  }

  /** What went wrong between us and a server, in words that lead to the cause. */
  public String explain(SSLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "its certificate is not valid today: " + cause.getMessage();
      }
      if (cause instanceof CertPathBuilderException) {
        return unsigned();
      }
    }
    String message = String.valueOf(failure.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
      return "it does not speak TLS, but was called by https";
    }
    // The second: signed by a CA of the name that is believed, with another key.
    if (message.contains("PKIX path") || message.contains("signature check failed")) {
      return unsigned();
    }
    return message.contains("No subject alternative") || message.contains("No name matching")
        ? "its certificate is for another host: " + message
        : "no TLS: " + message;
  }

  private String unsigned() {
    return "its certificate is not signed by "
        + caFile
            .map(file -> "a CA in " + file + " (" + key + ")")
            .orElse("a CA that Java knows; name yours by " + key);
  }
}
