/**
 * Mesos' JSON form of protobuf messages, to the byte: snake_case names in the order of declaration,
 * enums as names, bytes in base64, 64-bit integers as numbers, doubles always with a fraction.
 */
package org.apache.heron.minicluster.json;
