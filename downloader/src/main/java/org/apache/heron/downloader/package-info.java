/**
 * {@code heron-downloader}: fetches a topology package and unpacks it, all of it or nothing. Class
 * names that users write into {@code downloader.yaml} are here.
 */
package org.apache.heron.downloader;
