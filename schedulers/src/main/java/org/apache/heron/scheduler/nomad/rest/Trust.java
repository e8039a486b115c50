package org.apache.heron.scheduler.nomad.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.heron.spi.config.ConfigException;

/** Which certificates of Nomad's servers are believed. */
final class Trust {
  static final String CA_FILE_KEY = "heron.nomad.tls.ca.file";

  private Trust() {}

  /**
   * Trusts the certificates in this file, and no others.
   *
   * @param caFile one or more certificates in PEM
   * @throws ConfigException if there are none
   */
  static SSLContext in(Path caFile) {
    try (InputStream in = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new ConfigException(
            "the CA file " + caFile + " (" + CA_FILE_KEY + ") holds no certificate");
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
      throw new ConfigException(
          "the CA file " + caFile + " (" + CA_FILE_KEY + ") does not exist", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          "the CA file "
              + caFile
              + " ("
              + CA_FILE_KEY
              + ") cannot be read as certificates in PEM: "
              + e.getMessage(),
          e);
    }
  }

  /** What went wrong between us and a server, in words that lead to the cause. */
  static String explain(SSLException failure, Optional<Path> caFile) {
    String message = String.valueOf(failure.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
      return "it does not speak TLS, but was called by https";
    }
    if (message.contains("PKIX path") || message.contains("signature check failed")) {
      return "its certificate is not signed by "
          + caFile
              .map(file -> "a CA in " + file + " (" + CA_FILE_KEY + ")")
              .orElse("a CA that Java knows; name yours by " + CA_FILE_KEY);
    }
    return message.contains("No subject alternative") || message.contains("No name matching")
        ? "its certificate is for another host: " + message
        : "no TLS: " + message;
  }
}
